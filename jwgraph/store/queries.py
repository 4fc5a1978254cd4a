"""Read the files of `cypher/` as typed queries.

Each file has one statement under a header of `// key: value` lines::

    // name: query/mrp
    // summary: The Minimum Recommended Products of one Observation.
    // param: obs_id STRING  Observation identifier
    // returns: productFilename STRING, size INTEGER
    // index: observation_obs_id
    MATCH …

Keys: `name` (folder and stem of the file), `summary` (one sentence), `param` (name, type, optional `= default`, a
sentence; one line each), `returns` (columns and types; may be repeated), `index` (a constraint or index that the
plan must use; may be repeated), `allow` (plan operators that are otherwise refused), `mode` (`read`, `write` or
`schema`), `needs` (what the answer depends on, one of `NEEDS`; the query then returns the column `known`, of which
`jwgraph/answers/notes.py` makes notes), `depends` (which programs the answer depends on, any of `DEPENDS`: `names`,
those of its parameters and rows; `program`, that of the parameter; `store`, all); and of the steps in
`cypher/derive`, `creates` (edge types, or properties as `Label.property` or `EDGE_TYPE.property`). Anything else is an
error that names file and line, as are undeclared and unused parameters.
"""

from __future__ import annotations

import re
from collections.abc import Collection, Iterator, Mapping
from dataclasses import dataclass
from functools import cache
from hashlib import sha256
from pathlib import Path
from typing import Any, LiteralString

from jwgraph import settings
from jwgraph.errors import NotFoundError, UsageError

TYPES = frozenset({"STRING", "INTEGER", "FLOAT", "BOOLEAN", "MAP", "LIST<STRING>", "LIST<INTEGER>", "LIST<MAP>"})
MODES = frozenset({"read", "write", "schema"})
REPEATABLE = frozenset({"param", "returns", "index", "allow", "creates"})
NEEDS = frozenset({"lists", "associations", "promises", "headers"})
DEPENDS = frozenset({"names", "program", "store"})
KEYS = REPEATABLE | {"name", "summary", "mode", "needs", "depends"}
# The column with what is known of the Observations that an answer depends on.
KNOWN = "known"

_HEADER = re.compile(r"//\s?(?P<key>[a-z]+):\s*(?P<value>.*\S)\s*$")
_PARAM = re.compile(r"(?P<name>[a-z_]+) (?P<type>[A-Z<>]+)(?: = (?P<default>\S+))?\s{2,}(?P<sentence>\S.*)$")
_COLUMN = re.compile(r"(?P<name>\w+) (?P<type>[A-Z<>]+)$")
_USED = re.compile(r"\$([A-Za-z_]\w*)")
_STRING_OR_COMMENT = re.compile(r"'(?:[^'\\]|\\.)*'|\"(?:[^\"\\]|\\.)*\"|//[^\n]*|/\*.*?\*/", re.DOTALL)


@dataclass(frozen=True, slots=True)
class Param:
    """One parameter of a query; `default` is the text of the header, None where the value is required."""

    name: str
    type: str
    sentence: str
    default: str | None = None

    def value(self, text: str) -> object:
        """Convert the text of a command line to the parameter's type.

        Raises
        ------
        UsageError
            The text is not of that type.
        """
        try:
            if self.type == "INTEGER":
                return int(text)
            if self.type == "FLOAT":
                return float(text)
            if self.type == "BOOLEAN":
                return {"true": True, "false": False}[text.lower()]
        except (KeyError, ValueError):
            raise UsageError(f"Parameter {self.name} takes {self.type}, not {text!r}.") from None
        if self.type == "LIST<STRING>":
            return text.split(",") if text else []
        if self.type != "STRING":
            raise UsageError(f"Parameter {self.name} of type {self.type} cannot be given as text.")
        return text


@dataclass(frozen=True, slots=True)
class Query:
    """One statement of `cypher/`, with its header.

    Attributes
    ----------
    name
        `folder/stem`, such as `query/tree`.
    returns
        Column names and types, in order.
    indexes
        Constraints or indexes that the plan must use.
    allow
        Plan operators the header allows, such as `NodeByLabelScan`.
    creates
        Of a derivation step, the edge types and properties that it creates.
    needs
        What the answer depends on, one of `NEEDS`; empty where the query does not return `known`.
    depends
        Which programs the answer depends on, any of `DEPENDS`; empty where the header does not say.
    checksum
        SHA-256 of the statement, white space folded; comments do not count.
    """

    name: str
    summary: str
    text: LiteralString
    path: Path
    mode: str = "read"
    params: tuple[Param, ...] = ()
    returns: tuple[tuple[str, str], ...] = ()
    indexes: tuple[str, ...] = ()
    allow: tuple[str, ...] = ()
    creates: tuple[str, ...] = ()
    needs: str = ""
    depends: tuple[str, ...] = ()

    @property
    def shown(self) -> tuple[tuple[str, str], ...]:
        """The columns that users see: all but `known`, which becomes notes."""
        return tuple(column for column in self.returns if not (self.needs and column[0] == KNOWN))

    @property
    def checksum(self) -> str:
        """SHA-256 of the statement without comments, white space folded."""
        body = "\n".join(line for line in self.text.splitlines() if not line.lstrip().startswith("//"))
        return sha256(" ".join(body.split()).encode()).hexdigest()

    @property
    def ours(self) -> bool:
        """Whether it is one of jwgraph's, and not one of the user's own."""
        return self.path.is_relative_to(folder())

    def check_columns(self, columns: Collection[str]) -> None:
        """Check that an answer has the columns of the header, in whatever order.

        Raises
        ------
        HeaderError
            It has others; the text names file and line.
        """
        declared = [name for name, _ in self.returns]
        for name in declared:
            if name not in columns:
                has = ", ".join(columns)
                raise self._wrong(name, f"the header has the column {name!r}, and the query returns {has}.")
        for name in columns:
            if name not in declared:
                raise self._wrong(name, f"the query returns the column {name!r}, which the header lacks.")

    def check_row(self, row: Mapping[str, Any]) -> None:
        """Check that a row has the types of the header.

        Raises
        ------
        HeaderError
            It has others; the text names file and line.
        """
        for name, kind in self.returns:
            if row[name] is not None and not fits(kind, row[name]):
                found = repr(row[name])[:80]
                raise self._wrong(name, f"the header says that {name} is {kind}, and the query returns {found}.")

    def _wrong(self, column: str, sentence: str) -> HeaderError:
        """Make an error that names the line of the header where a column is, or would be."""
        lines = [(n, line) for n, line in enumerate(self.text.splitlines(), 1) if line.startswith("// returns:")]
        there = [n for n, line in lines if re.search(rf"\b{re.escape(column)}\b", line)]
        number = (there or [n for n, _ in lines][-1:] or [1])[0]
        return HeaderError(f"{self.path}:{number}: {sentence}")


def fits(kind: str, value: Any) -> bool:
    """Return whether a value is of a type of headers; elements of a list may be null."""
    if kind.startswith("LIST<"):
        return isinstance(value, list) and all(item is None or fits(kind[5:-1], item) for item in value)
    if kind == "BOOLEAN" or isinstance(value, bool):
        return kind == "BOOLEAN" and isinstance(value, bool)
    if kind == "INTEGER":
        # Neo4j has no larger numbers.
        return isinstance(value, int) and -(2**63) <= value < 2**63
    if kind == "FLOAT":
        return isinstance(value, (int, float))
    return isinstance(value, {"STRING": str, "MAP": dict}[kind])


def short_name(name: str) -> str:
    """Name of a query as users write it: without `query/`."""
    return name.removeprefix("query/")


class HeaderError(UsageError):
    """The header of a query file is wrong; the text names file and line."""


def parse(path: Path, name: str) -> Query:
    """Read one query file.

    Parameters
    ----------
    path
        The file.
    name
        The name its header must give: folder and stem.

    Raises
    ------
    HeaderError
        A key is unknown, missing or repeated, a value is malformed, or a parameter is undeclared or unused.
    """
    # The one place where text from a file becomes a query: the files are part of the program.
    text: LiteralString = path.read_text(encoding="utf-8")
    single: dict[str, str] = {}
    params: list[Param] = []
    returns: list[tuple[str, str]] = []
    several: dict[str, list[str]] = {"index": [], "allow": [], "creates": []}
    for number, key, value in _header(path, text):
        if key == "param":
            params.append(_param(path, number, value))
        elif key == "returns":
            returns.extend(_columns(path, number, value))
        elif key in several:
            several[key].extend(value.split(", "))
        elif key in single:
            raise HeaderError(f"{path}:{number}: {key} is given twice.")
        else:
            single[key] = value
    _check_single(path, name, single)
    _check_needs(path, single.get("needs"), returns)
    _check_params(path, text, params)
    return Query(
        name=name,
        summary=single["summary"],
        text=text,
        path=path,
        mode=single.get("mode", "read"),
        params=tuple(params),
        returns=tuple(returns),
        indexes=tuple(several["index"]),
        allow=tuple(several["allow"]),
        creates=tuple(several["creates"]),
        needs=single.get("needs", ""),
        depends=tuple(single["depends"].split(", ")) if "depends" in single else (),
    )


def _header(path: Path, text: str) -> Iterator[tuple[int, str, str]]:
    for number, line in enumerate(text.splitlines(), start=1):
        if not line.startswith("//"):
            return
        match = _HEADER.match(line)
        if match is None:
            raise HeaderError(f"{path}:{number}: a header line is `// key: value`.")
        if match["key"] not in KEYS:
            raise HeaderError(f"{path}:{number}: unknown key {match['key']!r}; known: {', '.join(sorted(KEYS))}.")
        yield number, match["key"], match["value"]


def _param(path: Path, number: int, value: str) -> Param:
    match = _PARAM.match(value)
    if match is None or match["type"] not in TYPES:
        raise HeaderError(f"{path}:{number}: a param is `name TYPE [= default]  sentence`, TYPE one of {_types()}.")
    return Param(match["name"], match["type"], match["sentence"], match["default"])


def _columns(path: Path, number: int, value: str) -> Iterator[tuple[str, str]]:
    for part in value.rstrip(",").split(", "):
        match = _COLUMN.match(part.strip())
        if match is None or match["type"] not in TYPES:
            raise HeaderError(f"{path}:{number}: a column is `name TYPE`, TYPE one of {_types()}; this is {part!r}.")
        yield match["name"], match["type"]


def _types() -> str:
    return ", ".join(sorted(TYPES))


def _check_single(path: Path, name: str, single: dict[str, str]) -> None:
    for key in ("name", "summary"):
        if key not in single:
            raise HeaderError(f"{path}:1: the header has no {key}.")
    if single["name"] != name:
        raise HeaderError(f"{path}:1: the header names {single['name']!r}, and the file is {name!r}.")
    if single.get("mode", "read") not in MODES:
        raise HeaderError(f"{path}:1: mode is one of {', '.join(sorted(MODES))}.")
    if not set(single.get("depends", "names").split(", ")) <= DEPENDS:
        raise HeaderError(f"{path}:1: depends is any of {', '.join(sorted(DEPENDS))}.")


def _check_needs(path: Path, needs: str | None, returns: list[tuple[str, str]]) -> None:
    if needs is None:
        return
    if needs not in NEEDS:
        raise HeaderError(f"{path}:1: needs is one of {', '.join(sorted(NEEDS))}.")
    if (KNOWN, "LIST<MAP>") not in returns:
        raise HeaderError(f"{path}:1: a query that needs something returns {KNOWN} LIST<MAP>.")


def _check_params(path: Path, text: str, params: list[Param]) -> None:
    used = set(_USED.findall(_STRING_OR_COMMENT.sub(" ", text)))
    declared = [param.name for param in params]
    if len(declared) != len(set(declared)):
        raise HeaderError(f"{path}:1: a parameter is declared twice.")
    for name in sorted(used - set(declared)):
        line = next(n for n, row in enumerate(text.splitlines(), 1) if f"${name}" in row)
        raise HeaderError(f"{path}:{line}: parameter ${name} is not declared.")
    for name in declared:
        if name not in used:
            raise HeaderError(f"{path}:1: parameter {name} is declared and never used.")


@cache
def folder() -> Path:
    """Folder of the Cypher files: inside the package when installed, at the top level in a checkout."""
    here = Path(__file__).resolve().parent.parent
    for candidate in (here / "cypher", here.parent / "cypher"):
        if candidate.is_dir():
            return candidate
    raise NotFoundError("The cypher/ folder of jwgraph is missing; install jwgraph again.")


def get(name: str) -> Query:
    """Return the query of that name: `folder/stem` of a file in `cypher/`, or `query/stem` of one of the user's own.

    Raises
    ------
    NotFoundError
        No file of that name.
    HeaderError
        Its header is wrong, it is no read query, or a file of jwgraph's has the same name.
    """
    return _get(name, settings.query_folder() if name.startswith("query/") else None)


@cache
def _get(name: str, own: Path | None) -> Query:
    stem = name.partition("/")[2]
    path = folder() / f"{name}.cypher"
    ours = re.fullmatch(r"[a-z]+/[a-z0-9_]+", name) and path.is_file()
    if own is not None and stem in _stems(own):
        return _own(own / f"{stem}.cypher", name, taken=bool(ours))
    if not ours:
        known = ", ".join(sorted(_stems(folder() / "query") | (_stems(own) if own else set())))
        raise NotFoundError(f"There is no query {short_name(name)!r}. Known: {known}.")
    return parse(path, name)


def _stems(where: Path) -> set[str]:
    return {path.stem for path in where.glob("*.cypher")}


def _own(path: Path, name: str, *, taken: bool) -> Query:
    if taken:
        raise HeaderError(f"{path}:1: jwgraph has a query of that name; give this one another.")
    query = parse(path, name)
    if query.mode != "read":
        raise HeaderError(f"{path}:1: queries of your own are of mode read.")
    return query


def every(kind: str) -> list[Query]:
    """Return all queries of one folder (`schema`, `write`, `derive`, `query`, `internal`), in the order of their names.

    The user's own are among those of `query`.
    """
    own = settings.query_folder() if kind == "query" else None
    stems = _stems(folder() / kind) | (_stems(own) if own else set())
    return [get(f"{kind}/{stem}") for stem in sorted(stems)]


def listed() -> list[dict[str, str]]:
    """Return the queries that users can run as rows of name, params and summary."""
    return [
        {"name": short_name(query.name), "params": ", ".join(p.name for p in query.params), "summary": query.summary}
        for query in every("query")
    ]
