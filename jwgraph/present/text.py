"""Format answers as plain text."""

from __future__ import annotations

from collections.abc import Sequence

from jwgraph.present.cells import count, readable, total_size
from jwgraph.present.escape import visible
from jwgraph.present.info import Tabular

TEXT_ROWS = 20
WIDEST = 64
LONGEST = 200

# This column repeats the file name.
_HIDDEN = frozenset({"dataURI"})


def short(text: str, longest: int) -> str:
    """Shorten a text in the middle: file names differ at their ends."""
    if len(text) <= longest:
        return text
    tail = (longest - 1) // 2
    return f"{text[: longest - 1 - tail]}…{text[-tail:]}"


def head(rows: Tabular) -> str:
    """Return a heading: the call, the number of rows and the total size of their files."""
    whole = rows.info.whole
    part = f"{len(rows):,} of " if whole not in (None, len(rows)) else ""
    all_rows = len(rows) if whole is None else whole
    number = f"{part}{count(all_rows, 'row')}"
    if "size" in rows.about and rows.about["size"].unit == "byte":
        size = total_size(rows.values("size"))
        number += f", {size}" if size else ""
    return visible(f"{short(rows.info.call, LONGEST)}: {number}")


def remarks(rows: Tabular) -> list[str]:
    """Return the notes of an answer, one line each."""
    return [visible(f"note: {note}") for note in rows.info.notes]


def text(rows: Tabular) -> str:
    """Return the first rows in columns, with the number of further rows."""
    columns = []
    for name in shown_columns(list(rows.about)):
        column = [name, *(short(each, WIDEST) for each in cells(rows, name, TEXT_ROWS))]
        width = max(len(each) for each in column)
        columns.append([each.ljust(width) for each in column])
    lines = ["  ".join(line).rstrip() for line in zip(*columns, strict=True)] if len(rows) else []
    return "\n".join([head(rows), *remarks(rows), *lines, *more_rows(len(rows) - TEXT_ROWS)])


def shown_columns(names: Sequence[str]) -> list[str]:
    """Return the columns to show: all except `dataURI`."""
    return [name for name in names if name not in _HIDDEN or len(names) == 1]


def cells(rows: Tabular, name: str, most: int) -> list[str]:
    """Return the first values of a column as text."""
    return [readable(value, rows.about[name]) for value in rows.values(name)[:most]]


def more_rows(number: int) -> list[str]:
    """Return a line with the number of rows not shown, or nothing."""
    return [f"… and {number:,} more"] if number > 0 else []
