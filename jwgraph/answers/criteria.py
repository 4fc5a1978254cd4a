"""Criteria by name, as options and keyword arguments have them: which Observations, and which of their files."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from difflib import get_close_matches
from typing import Any, TypedDict, TypeVar

from jwgraph.answers import meant
from jwgraph.answers.choice import Choice, chosen, mjd_of
from jwgraph.answers.filters import Filter, Part, checked, size_of
from jwgraph.answers.notes import Note, whole
from jwgraph.answers.products import ProductRow
from jwgraph.errors import NotFoundError, UsageError
from jwgraph.names.identifiers import program_number
from jwgraph.store.graph import Graph

T = TypeVar("T")

# One word, several, or several in one text with commas.
Words = str | int | Iterable[str | int] | None

NOTHING_CHOSEN = "No Observation matches all of these criteria."


class Selecting(TypedDict, total=False):
    """Criteria for Observations, besides the program; see `jwgraph.answers.choice.Choice`."""

    instrument: Words
    filter: Words
    grating: Words
    target: Words
    exp_type: Words
    observation: Words
    observed_since: str | None
    observed_until: str | None
    level3: bool | None


class Filtering(TypedDict, total=False):
    """Criteria for files; see `jwgraph.answers.filters.Filter`."""

    type: Words
    level: Words
    suffix: Words
    extension: Words
    detector: Words
    min_size: str | int | None
    max_size: str | int | None
    guide_star: bool | None
    previews: bool | None


class Criteria(Selecting, Filtering, total=False):
    """Criteria for Observations and for their files."""


# Name of each attribute of `Filter`.
NAMES = {
    "types": "type",
    "levels": "level",
    "suffixes": "suffix",
    "extensions": "extension",
    "detectors": "detector",
    "smallest": "min_size",
    "largest": "max_size",
    "guide_star": "guide_star",
    "previews": "previews",
}
_LISTS = ("types", "levels", "suffixes", "extensions", "detectors")


def choice(program: str | int | None, given: Mapping[str, Any]) -> Choice:
    """Return the choice of Observations that criteria make.

    Raises
    ------
    UsageError
        There is no such criterion, or a value is invalid.
    """
    _known(given, Selecting)
    return Choice(
        program=program_number(program),
        instruments=_divided(given.get("instrument")),
        filters=_divided(given.get("filter")),
        gratings=_divided(given.get("grating")),
        # A target may have a comma.
        targets=tuple(map(str, _several(given.get("target")))),
        exp_types=_divided(given.get("exp_type")),
        numbers=tuple(map(_number, _divided(given.get("observation")))),
        start=mjd_of(given.get("observed_since")),
        end=mjd_of(given.get("observed_until"), end=True),
        level3=given.get("level3"),
    )


def filter_of(given: Mapping[str, Any]) -> Filter:
    """Return the filter of files that criteria make.

    Raises
    ------
    UsageError
        There is no such criterion, or a value is invalid.
    """
    _known(given, Filtering)
    lists = checked({name: _several(given.get(NAMES[name])) for name in _LISTS})
    return Filter(
        **lists,
        smallest=size_of(given.get("min_size")),
        largest=size_of(given.get("max_size")),
        guide_star=given.get("guide_star"),
        previews=given.get("previews"),
    )


def both(program: str | int | None, given: Mapping[str, Any]) -> tuple[Choice, Filter]:
    """Return the choice of Observations and the filter of their files that criteria make.

    Raises
    ------
    UsageError
        There is no such criterion, or a value is invalid.
    """
    _known(given, Criteria)
    files = {name: value for name, value in given.items() if name in Filtering.__annotations__}
    return choice(program, {name: given[name] for name in given if name not in files}), filter_of(files)


@whole
def ask_each(
    graph: Graph, names: Sequence[str], which: Choice, ask: Callable[[Sequence[str]], T], *, this: str
) -> tuple[tuple[str, ...], tuple[Note, ...], T]:
    """Ask a question about the Observations that names and a choice select.

    Names have any form; the choice selects among them, if there are any.

    Parameters
    ----------
    ask
        Answers for exact names; raises NotFoundError if the store does not have one.
    this
        What the answer is, for the note on what was taken: a clause such as `these are the files of`.

    Returns
    -------
    names, notes, answer
        The Observations, what was taken for what and what is not known, and the answer.

    Raises
    ------
    UsageError
        There is neither a name nor a criterion.
    NotFoundError
        There is no such Observation.
    """
    if not names and not which.selects():
        raise UsageError("Give an Observation, or criteria such as program=2221.")
    if not which.selects():
        return meant.each(graph, names, ask, this=this)
    said: tuple[Note, ...] = ()
    if names:
        _, said, found = meant.each(graph, names, lambda each: chosen(graph, which, each), this=this)
    else:
        found = chosen(graph, which)
    if not found:
        raise NotFoundError(NOTHING_CHOSEN)
    return tuple(found), (*said, *found.notes), ask(tuple(found))


def why_nothing(chosen: Filter, rows: Sequence[ProductRow], written: Callable[[Part], str] | None = None) -> str:
    """Return a sentence that names the criteria that exclude every row: a single one, or all together.

    Parameters
    ----------
    written
        Formats a criterion; the default is that of keyword arguments.
    """
    form = written or _written
    count = f"{len(rows):,} product{'' if len(rows) == 1 else 's'}"
    alone = [form(part) for part in chosen.parts() if not any(part.test(row) for row in rows)]
    if alone:
        return f"None of the {count} matches {' or '.join(alone)}."
    together = ", ".join(map(form, chosen.parts()))
    return f"None of the {count} matches all of {together}, though some match each."


def _written(part: Part) -> str:
    values = list(part.value) if isinstance(part.value, Sequence) else [part.value]
    return f"{NAMES[part.name]}={(values[0] if len(values) == 1 else values)!r}"


def _known(given: Mapping[str, Any], kind: type[Any]) -> None:
    """Raise UsageError for a name that is no criterion: Python does not check those of a TypedDict."""
    names = list(kind.__annotations__)
    for name in given:
        if name not in names:
            near = get_close_matches(name, names, n=1)
            question = f"did you mean {near[0]}? The" if near else "the"
            raise UsageError(f"There is no criterion {name!r}; {question} criteria are {', '.join(names)}.")


def _several(value: Words) -> list[str | int]:
    if value is None:
        return []
    return [value] if isinstance(value, (str, int)) else list(value)


def _divided(value: Words) -> tuple[str, ...]:
    return tuple(text.strip() for each in _several(value) for text in str(each).split(","))


def _number(text: str) -> int:
    digits = text.lower().removeprefix("o")
    if not (digits.isascii() and digits.isdecimal()):
        raise UsageError(f"{text!r} is not an observation number: give one such as 1 or o001.")
    return int(digits)
