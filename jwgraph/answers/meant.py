"""Find what a text means: any form of a name, an owner where a file was given, a main product where an Observation was.

A name that is already exact costs nothing: the question is asked at once, and only if the store does not have that
name does one more statement find what was meant.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from enum import Enum, auto
from typing import TypeVar

from jwgraph.answers.loaded import loaded
from jwgraph.answers.notes import Note, number, whole
from jwgraph.answers.resolve import similar
from jwgraph.errors import NotFoundError, UsageError
from jwgraph.names.grammar import parse, parse_root
from jwgraph.names.suffixes import made_suffixes, suffixes
from jwgraph.names.typed import Typed, typed
from jwgraph.store.graph import Graph, Row

T = TypeVar("T")

# Candidates that are looked up, and those that an error names.
_MOST, _NAMED = 100, 10
_EVERY = 1_000_000


class Wanted(Enum):
    """What a question is about.

    Attributes
    ----------
    OBSERVATION
        An Observation; of a file, its owner is taken.
    FILE
        A file; of an Observation, its main product is taken.
    EITHER
        A file or an Observation.
    ASSOCIATION
        A file; an Observation does not stand for one.
    """

    OBSERVATION = auto()
    FILE = auto()
    EITHER = auto()
    ASSOCIATION = auto()


@dataclass(frozen=True, slots=True)
class Taken:
    """The name that was taken for a text.

    Attributes
    ----------
    name
        As the store has it.
    reason
        What the text is, as a clause: `X is a file of OBS`; empty where the text is a form of the name itself.
    """

    name: str
    reason: str = ""

    def notes(self, this: str) -> tuple[Note, ...]:
        """Return the note that says what was taken; `this` is a clause such as `this is the tree of`."""
        return (Note(f"{self.reason}: {this} {self.name}"),) if self.reason else ()


@whole
def about(graph: Graph, text: str, wanted: Wanted, ask: Callable[[str], T]) -> tuple[Taken, T]:
    """Ask a question about what a text means, and return what was taken and the answer.

    Parameters
    ----------
    ask
        Answers for an exact name; raises NotFoundError if the store does not have it.

    Raises
    ------
    NotFoundError
        The text is no form of a name in the store; the message suggests similar names.
    UsageError
        It stands for several; the message lists them.
    """
    word = typed(text)
    first = _exact(word, wanted)
    if first is None:
        taken = _take(graph, word, wanted)
        if taken is None:
            raise _nothing(graph, word)
        return taken, ask(taken.name)
    try:
        return Taken(first), ask(first)
    except NotFoundError:
        taken = _take(graph, word, wanted)
        if taken is None or taken.name == first:
            raise
    return taken, ask(taken.name)


@whole
def each(
    graph: Graph, texts: Sequence[str], ask: Callable[[Sequence[str]], T], *, this: str
) -> tuple[tuple[str, ...], tuple[Note, ...], T]:
    """Ask a question about the Observations that texts mean, and return them, what was taken for what, and the answer.

    The number of a program stands for those of its Observations that the Portal lists. A pattern stands for those that
    fit it and that the Portal lists, or for all that fit it if it lists none.

    Parameters
    ----------
    ask
        Answers for exact names; raises NotFoundError if the store does not have one.
    this
        As in `Taken.notes`.

    Raises
    ------
    NotFoundError
        A text is no form of a name in the store.
    UsageError
        An incomplete name stands for several.
    """
    words = [typed(text) for text in texts]
    exact = [_exact(word, Wanted.OBSERVATION) for word in words]
    if None not in exact:
        names = tuple(dict.fromkeys(filter(None, exact)))
        try:
            return names, (), ask(names)
        except NotFoundError:
            found = [_several(graph, word, this) for word in words]
            if all(name in names for taken in found for name in taken[0]):
                raise
    else:
        found = [_several(graph, word, this) for word in words]
    names = tuple(dict.fromkeys(name for taken in found for name in taken[0]))
    notes = tuple(note for taken in found for note in taken[1])
    return names, notes, ask(names)


def _exact(word: Typed, wanted: Wanted) -> str | None:
    """Return the name to ask for at once; None if the text cannot be one."""
    if wanted is Wanted.ASSOCIATION:
        return word.name
    if word.is_pattern or word.program or word.number is not None or not word.name:
        return None
    if wanted is Wanted.EITHER:
        return word.name
    if word.is_file is (wanted is Wanted.FILE):
        return word.name if word.is_file else word.obs_id
    return None


def _take(graph: Graph, word: Typed, wanted: Wanted) -> Taken | None:
    """Return what the text means where one name is needed; None if nothing in the store fits."""
    rows = _candidates(_look_up(graph, word, wanted), word)
    if not rows:
        return None
    if len(rows) > 1:
        raise UsageError(_ambiguous(word, rows))
    return _as_wanted(word, rows[0], wanted)


def _several(graph: Graph, word: Typed, this: str) -> tuple[list[str], list[Note]]:
    """Return the Observations that the text means, and what was taken for it."""
    rows = _candidates(_look_up(graph, word, Wanted.OBSERVATION), word)
    if not rows:
        if word.is_pattern or word.program:
            raise _nothing(graph, word)
        # The question itself says that there is no such Observation.
        return [word.obs_id], []
    if len(rows) > 1 and not (word.is_pattern or word.program):
        raise UsageError(_ambiguous(word, rows))
    if len(rows) == 1:
        taken = _as_wanted(word, rows[0], Wanted.OBSERVATION)
        if taken is None:
            raise _nothing(graph, word)
        return [taken.name], list(taken.notes(this))
    listed = [row for row in rows if row["listed"]] or rows
    names = list(dict.fromkeys(name for row in listed for name in _observations_of(row)))
    which = f"program {number(word.program)}" if word.program else f"{word.name!r}"
    return names, [Note(f"{which} stands for {len(names):,} Observations")]


def _observations_of(row: Row) -> list[str]:
    found = row["name"] if row["kind"] == "Observation" else _owner(row)
    return [found] if found else []


def _owner(row: Row) -> str | None:
    """Return the Observation that stands for a file; None if none is known.

    That is the owner; of several, the first that the Portal lists, or else the row of the Portal that includes most.
    """
    owners = row["owners"]
    if len(owners) > 1 and not owners[0]["listed"] and row["above"]:
        return str(row["above"][0])
    return owners[0]["obs_id"] if owners else None


def _look_up(graph: Graph, word: Typed, wanted: Wanted) -> list[Row]:
    """Return what the store has of a text: by its spellings, as a number, and of what it begins."""
    numeric = word.number is not None or bool(word.program)
    begin = [word.beginning()] if not numeric and (word.is_pattern or word.name) else []
    # A file that the store does not have stands for its Observation, never for another file.
    owner = [word.owner()] if wanted is Wanted.OBSERVATION and word.owner() else []
    # Files have an extension; an incomplete name can be that of either.
    of_file = "." in word.name
    return graph.read(
        "internal/resolve",
        names=[] if word.is_pattern else [*word.spellings(), *owner],
        numbers=[] if word.number is None else [word.number],
        programs=[word.program] if word.program else [],
        observations=[] if of_file else begin,
        products=begin if of_file or not word.is_pattern else [],
        files=wanted is Wanted.FILE,
        limit=_EVERY if word.is_pattern else _MOST,
    )


def _candidates(rows: list[Row], word: Typed) -> list[Row]:
    """Return the rows that fit the text best: a spelling, a number, a program; else a beginning or a pattern."""
    order = [*word.spellings(), word.owner()]
    by_name = sorted((row for row in rows if row["how"] == "name"), key=lambda row: order.index(row["name"]))
    if by_name:
        return by_name[:1]
    fitting = [row for row in rows if row["how"] != "beginning" or not word.is_pattern or word.matches(row["name"])]
    observations = [row for row in fitting if row["kind"] == "Observation"]
    return observations or fitting


def _as_wanted(word: Typed, row: Row, wanted: Wanted) -> Taken | None:
    """Return the name to ask for, and how it was found; None if an Observation cannot stand for what is wanted."""
    name, file = row["name"], row["kind"] == "Product"
    said = _said(word, row)
    if wanted is Wanted.OBSERVATION and file:
        owner = _owner(row)
        if owner is None:
            raise NotFoundError(f"{name} is a file, and nothing that is loaded says of which Observation.")
        others = [each["obs_id"] for each in row["owners"] if each["obs_id"] != owner]
        if len(others) == len(row["owners"]):
            return Taken(owner, f"{said or name} is a file of {len(others):,} Observations that {owner} includes")
        more = f" and {len(others):,} other Observation{'s' if len(others) > 1 else ''}" if others else ""
        return Taken(owner, f"{said or name} is a file of {owner}{more}")
    if wanted is Wanted.OBSERVATION and word.is_file and row["how"] == "name":
        return Taken(name, f"{word.name} is not in the store, and by its name a file of {name}")
    if wanted is Wanted.FILE and not file:
        product = main_product(row["files"])
        if product is None:
            raise NotFoundError(f"{name} is an Observation, and none of its science files is there.")
        return Taken(product, f"{said or name} is an Observation, and {product} its main product")
    if wanted is Wanted.ASSOCIATION and not file:
        return None
    return Taken(name, f"{word.name} is {_how(word, row)} {name}" if said else "")


def _said(word: Typed, row: Row) -> str:
    """Return the text and the name that it stands for; empty if it is a form of the name itself."""
    return "" if row["how"] == "name" else f"{word.name}, {_how(word, row)} {row['name']},"


_HOW = {
    "number": "MAST's number of",
    "program": "the program of",
    "beginning": "the beginning of",
}


def _how(word: Typed, row: Row) -> str:
    return "a pattern that fits only" if word.is_pattern else _HOW[row["how"]]


def main_product(files: Sequence[Row]) -> str | None:
    """Return the main product of an Observation among its science files; None if there are none.

    It is of the highest level (1, 2 or 3). Among those it is the file that the association makes first, as in
    `jwgraph/names/asn_products.toml`, then the one whose suffix stands first in `jwgraph/names/suffixes.csv`.
    """
    order = {suffix: place for place, (_, suffix) in enumerate(suffixes())}

    def rank(file: Row) -> tuple[int, bool, int, str]:
        level = (file["productLevel"] or "0")[:1]
        return -int(level), not _made_first(file), order.get(file["suffix"] or "", len(order)), file["filename"]

    return min(files, key=rank)["filename"] if files else None


def _made_first(file: Row) -> bool:
    elements = parse_root(parse(file["filename"]).obs_id).elements
    level3 = file["productLevel"] == "3"
    return any(
        file["suffix"] == made_suffixes(kind, elements, (), exposure=not level3)[0]
        for kind in file["asn_types"] or (["image3", "spec3"] if level3 else ["image2"])
    )


def _ambiguous(word: Typed, rows: Sequence[Row]) -> str:
    """Return the sentence that lists what a text can mean, rows of the Portal first."""
    ordered = sorted(rows, key=lambda row: (not row["listed"], row["name"]))
    names = ", ".join(row["name"] for row in ordered[:_NAMED])
    more = ", …" if len(rows) > _NAMED else ""
    count = f"more than {_MOST - 1:,}" if len(rows) >= _MOST and not word.is_pattern else f"{len(rows):,}"
    kind = "Observations" if rows[0]["kind"] == "Observation" else "files"
    if word.program:
        return f"Program {number(word.program)} has {count} {kind}, and one is needed here: {names}{more}."
    return f"{word.name!r} can be {count} {kind}, and one is needed here: {names}{more}."


def _loaded(graph: Graph) -> str:
    """Return a sentence that names the programs that are loaded, for a number that no name resembles."""
    state = loaded(graph)
    return f" Loaded: {state.listed()}." if state.programs else " Nothing is loaded."


def _nothing(graph: Graph, word: Typed) -> NotFoundError:
    if word.is_pattern:
        return NotFoundError(f"No name fits {word.name!r}.{similar(graph, word.beginning())}")
    if word.program:
        return NotFoundError(f"Nothing of program {number(word.program)} is loaded.{_loaded(graph)}")
    if word.number is not None:
        return NotFoundError(f"There is no Observation with MAST's number {word.number}.{_loaded(graph)}")
    return NotFoundError(f"There is no Observation or file {word.name!r}.{similar(graph, word.name)}")
