"""Shared code of all table formats: convert rows to records and report invalid rows.

A kind of table (`Kind`) defines its columns and the records of its rows; a format (`formats.forms`) defines how rows
are written. Every format can read every kind.
"""

from __future__ import annotations

import math
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass
from typing import Protocol

from jwgraph.model.records import Problem, Record
from jwgraph_loaders.base import Source
from jwgraph_loaders.text import row_problem

LEFT_OUT = "the table was printed with rows left out here"


@dataclass(frozen=True, slots=True)
class RowProblem:
    """Problems with a row, and the record if it could still be read."""

    record: Record | None
    reasons: tuple[str, ...]


class Reader(Protocol):
    """Convert the rows of one table to records."""

    width: int
    """The number of columns."""

    def record(self, cells: list[str]) -> Record | RowProblem:
        """Convert a row of `width` cells to a record; may modify `cells`."""
        ...


@dataclass(frozen=True, slots=True)
class Kind:
    """A kind of table.

    Attributes
    ----------
    what
        Plural noun for its rows.
    accepts
        Returns whether a header belongs to such a table.
    reader
        Returns the reader for a header; raises ValueError, with a message for the user, if columns are missing.
    """

    what: str
    accepts: Callable[[Sequence[str]], bool]
    reader: Callable[[Sequence[str]], Reader]


def records(source: Source, reader: Reader, rows: Iterable[tuple[int, list[str]]]) -> Iterator[Record | Problem]:
    """Yield the records and problems of numbered rows, for formats that are not read line by line."""
    for number, cells in rows:
        text = " ".join(cells)
        if len(cells) != reader.width:
            yield row_problem(source, number, wrong_width(len(cells), reader.width), text)
            continue
        made = reader.record(cells)
        if isinstance(made, RowProblem):
            yield from explained(source, number, made, text)
        else:
            yield made


def explained(source: Source, number: int, problem: RowProblem, text: str) -> Iterator[Record | Problem]:
    """Yield the record of a row with problems, if it has one, and a Problem for each problem."""
    severity = "rejected"
    if problem.record is not None:
        yield problem.record
        severity = "warning"
    for reason in problem.reasons:
        yield row_problem(source, number, reason, text, severity)


def wrong_width(found: int, wanted: int) -> str:
    """Return the error for a row with more or fewer cells than the header."""
    return f"the row has {found} cells, the header {wanted}"


def resolve_columns(header: Sequence[str], columns: Iterable[str]) -> dict[str, int]:
    """Find columns in a header, by exact name first, then in any case; of duplicates, use the first."""
    exact, lower = places(header)
    found = ((column, exact.get(column, lower.get(column.lower()))) for column in columns)
    return {column: at for column, at in found if at is not None}


def places(header: Sequence[str]) -> tuple[dict[str, int], dict[str, int]]:
    """Return the index of each column name in a header, by exact name and by lower-case name."""
    exact = {name.strip(): at for at, name in reversed(list(enumerate(header)))}
    return exact, {name.lower(): at for name, at in reversed(exact.items())}


def finite(text: str) -> float | None:
    """Return the number in a cell; None if it is not a finite number."""
    try:
        # Python reads 5_9 as 59, which is not a valid number in a table.
        value = math.nan if "_" in text else float(text)
    except ValueError:
        return None
    return value if math.isfinite(value) else None
