"""The interactive Cypher shell: queries and `:commands`, typed at a terminal or piped in."""

from __future__ import annotations

import re
import shlex
import sys
from collections.abc import Callable, Iterable, Iterator, Sequence
from itertools import islice
from typing import TYPE_CHECKING

from jwgraph.adhoc import gate
from jwgraph.adhoc.run import run as run_query
from jwgraph.answers import arguments
from jwgraph.answers.notes import split as split_known
from jwgraph.answers.notes import undisturbed
from jwgraph.answers.schema import SchemaRow, schema
from jwgraph.cli import output
from jwgraph.cli.output import Format
from jwgraph.errors import JwgraphError, UsageError
from jwgraph.model.vocabulary import EDGES, LABELS
from jwgraph.present.columns import columns_of_query
from jwgraph.store.parameters import pairs
from jwgraph.store.queries import every, get, listed, short_name

if TYPE_CHECKING:
    from jwgraph.store.graph import Graph

KEYWORDS = """
ALL AND AS ASC BY CALL CASE COLLECT COUNT DESC DISTINCT ELSE END ENDS EXISTS EXPLAIN IN IS LIMIT MATCH NOT NULL
OPTIONAL OR ORDER PROFILE RETURN SHORTEST SKIP STARTS THEN UNION UNWIND WHEN WHERE WITH YIELD
"""
QUIT = frozenset({"quit", "exit", "q"})
# People type these without the colon, and no query is a single word.
BARE = QUIT | {"help"}
HELP = f"""\
A query ends with ; and can span several lines. It can read the graph and change nothing.
:schema [NAME …]         list labels, relationship types and properties, or those of some
:queries                 list the named queries
:run NAME KEY=VALUE …    run a named query
:format FORMAT           choose the output: {", ".join(Format)}
:limit 1000              choose the maximum number of rows; 0 for all
:help                    show this help
:quit                    leave the shell (or Ctrl-D); Ctrl-C clears the input, or stops a running query
"""


class Shell:
    """One session of the shell. An error in a query is printed and does not end it.

    Parameters
    ----------
    format, limit, timeout
        As in `jwgraph cypher`; `:format` and `:limit` change the first two.
    """

    def __init__(self, graph: Graph, *, format: Format | None, limit: int, timeout: float) -> None:
        self.graph = graph
        self.format = format
        self.limit = limit
        self.timeout = timeout
        self.commands: dict[str, Callable[[list[str]], None]] = {
            "help": self._help,
            "schema": self._schema,
            "queries": self._queries,
            "run": self._run,
            "format": self._format,
            "limit": self._limit,
        }

    def run(self, entries: Iterable[str]) -> None:
        """Run queries and commands until the last one or `:quit`."""
        for entry in entries:
            if (command := _command_name(entry)) in QUIT:
                break
            self._guarded(self._query if command is None else self._command, entry)

    def words(self) -> list[str]:
        """Return the words that Tab completes: keywords, labels, types, properties, commands and query names."""
        queries = every("query")
        properties = {name for query in queries for name in re.findall(r"(?<=\w)\.([a-z]\w+)", query.text)}
        return sorted(
            {*KEYWORDS.split(), *properties, *(label.name for label in LABELS), *(edge.name for edge in EDGES)}
            | {short_name(query.name) for query in queries}
            | {f":{command}" for command in (*self.commands, "quit")}
        )

    def _guarded(self, work: Callable[[str], None], text: str) -> None:
        try:
            work(text)
        except JwgraphError as error:
            output.failure(error)
        except KeyboardInterrupt:
            # Closing the session ends its transaction, so the server stops the query too.
            sys.stderr.write("\n")
            output.note("The query was stopped.")
        sys.stdout.flush()

    def _query(self, text: str) -> None:
        answer, notes = undisturbed(
            self.graph, lambda: run_query(self.graph, text, limit=self.limit, timeout=self.timeout)
        )
        output.answer(answer, self.format, self.limit, notes)

    def _command(self, line: str) -> None:
        try:
            name, *rest = shlex.split(line.strip().removeprefix(":"))
        except ValueError:
            raise UsageError("Commands are written :NAME WORD …: this one is empty or has an unclosed quote.") from None
        command = self.commands.get(name)
        if command is None:
            raise UsageError(f"There is no command :{name}. :help lists the commands.")
        command(rest)

    def _help(self, _: list[str]) -> None:
        sys.stdout.write(HELP)

    def _schema(self, names: list[str]) -> None:
        output.rows(schema(self.graph, names), self.format, of=SchemaRow)

    def _queries(self, _: list[str]) -> None:
        output.rows(listed(), self.format, columns=("name", "params", "summary"))

    def _run(self, words: list[str]) -> None:
        if not words:
            raise UsageError("Give the name of a query, as in :run mrp obs_id=VALUE. :queries lists them.")
        query = get(f"query/{short_name(words[0])}")
        values, said = arguments.names(self.graph, query, arguments.words(query, pairs(words[1:])))
        # Named queries are trusted and run without a time-out; the limit applies to what is shown.
        most = self.limit + 1 if self.limit else None
        rows, said = undisturbed(self.graph, lambda: list(islice(self.graph.stream(query.name, **values), most)))
        cut = bool(self.limit) and len(rows) > self.limit
        found = split_known(query, rows[: self.limit or None])
        notes = (*said, *found.notes, *([output.cut(self.limit)] if cut else ()))
        output.rows(found, self.format, columns=columns_of_query(query), notes=notes)

    def _format(self, words: list[str]) -> None:
        if len(words) != 1 or words[0] not in set(Format):
            raise UsageError(f"Give one output format, as in :format json: {', '.join(Format)}.")
        self.format = Format(words[0])

    def _limit(self, words: list[str]) -> None:
        if len(words) != 1 or not re.fullmatch(r"[0-9]{1,9}", words[0]):
            raise UsageError("Give a number of rows, as in :limit 1000; 0 for all rows.")
        self.limit = int(words[0])


def _command_name(entry: str) -> str | None:
    """Return the command of an entry, or None for a query."""
    words = entry.split()
    if words and words[0].startswith(":"):
        return words[0].removeprefix(":")
    bare = entry.strip().rstrip(";").lower()
    return bare if bare in BARE else None


def is_whole(text: str) -> bool:
    """Return whether a text is complete: a command, or a query that ends with a semicolon."""
    return not text.strip() or _command_name(text) is not None or gate.is_complete(text)


def split(lines: Iterable[str]) -> Iterator[str]:
    """Yield the commands and queries in lines of text; the last query needs no semicolon."""
    kept = ""
    for line in lines:
        kept += line.rstrip("\r\n") + "\n"
        if is_whole(kept):
            if kept.strip():
                yield kept
            kept = ""
    if gate.tokens(kept):
        yield kept


def completions(words: Sequence[str], before: str) -> tuple[str, list[str]]:
    """Return the part of a word in front of the cursor, and the words that complete it.

    Labels are completed after a colon, properties after a dot, and keywords in lower case as well.
    """
    text = re.split(r"[ \t\n()\[\]{},;=<>|&'\"]", before)[-1]
    command = text.startswith(":") and any(word.startswith(text) for word in words)
    at = 0 if command else max(map(text.rfind, ":.")) + 1
    part = text[at:]
    if not part and at:
        return part, []
    found = [word for word in words if word.startswith(part)]
    return part, found or [word for word in words if word.isupper() and word.startswith(part.upper())]
