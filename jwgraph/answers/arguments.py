"""Read the parameters of named queries as the commands read theirs: any form of a name, words from the lists.

The name of a parameter says what it is: `obs_id` is an Observation, `suffix` a suffix. One that a user's own query
calls otherwise is given to the query as it is.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from typing import Any

from jwgraph.answers.events import moment
from jwgraph.answers.filters import LEVELS, TYPES, extensions
from jwgraph.answers.meant import Wanted, about, each
from jwgraph.answers.notes import Note
from jwgraph.answers.resolve import require_any, require_observation, require_product
from jwgraph.model.vocabulary import Exptype
from jwgraph.names.choices import choose, split
from jwgraph.names.grammar import DETECTORS
from jwgraph.names.identifiers import CRDS_SCHEME, is_file, program_number
from jwgraph.names.suffixes import suffixes
from jwgraph.store.graph import Graph
from jwgraph.store.parameters import checked
from jwgraph.store.queries import Param, Query

_EVERY = "*"
# What CRDS calls the reference files of JWST; names of the archive begin with jw and digits.
_REFERENCE = "jwst_"

_WANTED = {
    "obs_id": Wanted.OBSERVATION,
    "filename": Wanted.FILE,
    "productFilename": Wanted.FILE,
    "association": Wanted.ASSOCIATION,
}
# These can be anything: they are names where the header says that they are files.
_PLAIN = frozenset({"name", "start", "end"})

_EXISTS: dict[Wanted, Callable[[Graph, str], object]] = {
    Wanted.OBSERVATION: require_observation,
    Wanted.FILE: require_product,
    Wanted.ASSOCIATION: require_product,
    Wanted.EITHER: require_any,
}

# The list of words of a kind, what people leave before and after one, and whether a beginning is enough.
_Words = tuple[str, Sequence[str], tuple[str, ...], bool]


def _kinds() -> dict[str, _Words]:
    return {
        "type": ("type", TYPES, (), True),
        "productType": ("type", TYPES, (), True),
        "level": ("level", (*LEVELS, "1b", "2a", "2b", "2c"), (), False),
        "productLevel": ("productLevel", ("1b", "2a", "2b", "2c", "3"), (), False),
        "suffix": ("suffix", [suffix for _, suffix in suffixes()], ("_", "."), False),
        "extension": ("extension", extensions(), (".",), False),
        "detector": ("detector", sorted(DETECTORS), (), False),
        "role": ("role", list(Exptype), (), True),
        "exptype": ("role", list(Exptype), (), True),
    }


def words(query: Query, given: Mapping[str, Any]) -> dict[str, object]:
    """Return the parameters of a query, checked, with programs, times and words as the store has them.

    Raises
    ------
    UsageError
        A parameter is unknown, missing or of another type, or there is no such word.
    """
    params = {param.name: param for param in query.params}
    return checked(
        query, {name: _word(params[name], value) if name in params else value for name, value in given.items()}
    )


def _word(param: Param, value: Any) -> Any:
    if value is None or value in (param.default, _EVERY):
        return value
    if param.name == "program" and param.type == "STRING" and isinstance(value, (str, int)):
        return program_number(value)
    if param.name == "since" and param.type == "INTEGER" and isinstance(value, str) and not _is_integer(value):
        return int(moment(value).timestamp() * 1000)
    kind = _kinds().get(param.name) or _kinds().get(_singular(param.name))
    if kind is None:
        return value
    noun, there, marks, begin = kind
    several = param.type.startswith("LIST<")
    texts = value if isinstance(value, (list, tuple, set, frozenset)) else [value]
    # Only a list has several words.
    found = choose(noun, split(texts, *marks) if several or "," not in str(value) else [str(value)], there, begin=begin)
    if not several:
        return found[0] if found else value
    return [int(each) for each in found] if param.type == "LIST<INTEGER>" else found


def _singular(name: str) -> str:
    return name.removesuffix("es") if name.endswith("suffixes") else name.removesuffix("s")


def _is_integer(text: str) -> bool:
    return text.strip().removeprefix("-").isdecimal()


def names(graph: Graph, query: Query, values: Mapping[str, object]) -> tuple[dict[str, object], tuple[Note, ...]]:
    """Return the parameters of a query with the names that the store has, and what was taken for what.

    Raises
    ------
    NotFoundError
        The store has nothing of a name.
    UsageError
        A name stands for several, where one is needed.
    """
    found = dict(values)
    notes: list[Note] = []
    params = {param.name: param for param in query.params}
    for name, value in values.items():
        if name == "obs_ids" and isinstance(value, list) and value != [_EVERY]:
            taken, said, _ = each(graph, value, lambda obs_ids: _require(graph, obs_ids), this="this is about")
            found[name] = list(taken)
            notes += said
            continue
        wanted = _wanted(params[name])
        if wanted is not None and isinstance(value, str) and value not in (params[name].default, _EVERY):
            found[name], said = _name(graph, value, wanted)
            notes += said
    return found, tuple(notes)


def _wanted(param: Param) -> Wanted | None:
    """Return what a parameter names; None if it names neither a file nor an Observation."""
    if param.name not in _PLAIN:
        return _WANTED.get(param.name)
    if "file" not in param.sentence:
        return None
    return Wanted.FILE if param.sentence == "file name" else Wanted.EITHER


def _require(graph: Graph, obs_ids: Sequence[str]) -> None:
    for obs_id in obs_ids:
        require_observation(graph, obs_id)


def _name(graph: Graph, text: str, wanted: Wanted) -> tuple[str, tuple[Note, ...]]:
    if wanted is Wanted.EITHER:
        if text.lower().startswith(_REFERENCE) and is_file(text):
            return f"{CRDS_SCHEME}{text}", ()
        # A template of an association is the name of nothing in the archive.
        if text.lower().startswith(CRDS_SCHEME) or "{" in text:
            return text, ()
    taken, _ = about(graph, text, wanted, lambda name: _EXISTS[wanted](graph, name))
    return taken.name, taken.notes("this is about")
