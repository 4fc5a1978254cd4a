"""What tables of all kinds and forms share: rows that become records, and the odd ones among them.

A kind of table (`Kind`) says which headers it has and what its rows are; a form (`formats.forms`) says how the
rows are written. Each form reads each kind.
"""

from __future__ import annotations

import math
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass
from typing import Protocol

from jwgraph.model.records import Record, Reject
from jwgraph_loaders.base import Source
from jwgraph_loaders.text import row_reject

LEFT_OUT = "the table was printed with rows left out here"


@dataclass(frozen=True, slots=True)
class Odd:
    """A row that is no plain record: the reasons, and the record where there is one all the same."""

    record: Record | None
    reasons: tuple[str, ...]


class Reader(Protocol):
    """Makes records of the rows of one table."""

    width: int
    """The number of columns."""

    def record(self, cells: list[str]) -> Record | Odd:
        """Make the record of a row that has `width` cells; `cells` may be changed."""
        ...


@dataclass(frozen=True, slots=True)
class Kind:
    """A kind of table.

    Attributes
    ----------
    what
        What its rows are, in the plural.
    accepts
        Returns whether a header is that of such a table.
    reader
        Makes the reader for a header; ValueError, with the sentence for the user, where it has not the columns.
    """

    what: str
    accepts: Callable[[Sequence[str]], bool]
    reader: Callable[[Sequence[str]], Reader]


def records(source: Source, reader: Reader, rows: Iterable[tuple[int, list[str]]]) -> Iterator[Record | Reject]:
    """Yield what numbered rows become; the plain way, for the forms that do not come a line at a time."""
    for number, cells in rows:
        text = " ".join(cells)
        if len(cells) != reader.width:
            yield row_reject(source, number, wrong_width(len(cells), reader.width), text)
            continue
        made = reader.record(cells)
        if isinstance(made, Odd):
            yield from explained(source, number, made, text)
        else:
            yield made


def explained(source: Source, number: int, odd: Odd, text: str) -> Iterator[Record | Reject]:
    """Yield the record of an odd row, if it has one, and what is odd about it."""
    kind = "rejected"
    if odd.record is not None:
        yield odd.record
        kind = "warning"
    for reason in odd.reasons:
        yield row_reject(source, number, reason, text, kind)


def wrong_width(found: int, wanted: int) -> str:
    """Say that a row has more or fewer cells than the header."""
    return f"the row has {found} cells, the header {wanted}"


def resolve_columns(header: Sequence[str], columns: Iterable[str]) -> dict[str, int]:
    """Find columns in a header: the exact names first, then any case; of several alike the first."""
    exact, lower = places(header)
    found = ((column, exact.get(column, lower.get(column.lower()))) for column in columns)
    return {column: at for column, at in found if at is not None}


def places(header: Sequence[str]) -> tuple[dict[str, int], dict[str, int]]:
    """Return where each name of a header stands, first as it is and then in lower case."""
    exact = {name.strip(): at for at, name in reversed(list(enumerate(header)))}
    return exact, {name.lower(): at for name, at in reversed(exact.items())}


def finite(text: str) -> float | None:
    """Return the number that a cell holds; None where it holds none, or one that is not finite."""
    try:
        # Python reads 5_9 as 59; nobody writes a number so.
        value = math.nan if "_" in text else float(text)
    except ValueError:
        return None
    return value if math.isfinite(value) else None
