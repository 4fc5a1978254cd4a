"""Format answers as plain text."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Any

from jwgraph.present.escape import visible

if TYPE_CHECKING:
    from jwgraph.present.rows import Rows

TEXT_ROWS = 20


WIDEST = 64


LONGEST = 200


# Nobody reads it in a row, and it is the file name again.
_HIDDEN = frozenset({"dataURI"})


def size(number: int | None) -> str:
    """Write a number of bytes for people: 50.2 MB."""
    if number is None:
        return ""
    amount = float(number)
    for unit in ("bytes", "kB", "MB", "GB", "TB"):
        if abs(amount) < 1000 or unit == "TB":
            break
        amount /= 1000
    return f"{number:,} bytes" if unit == "bytes" else f"{amount:,.1f} {unit}"


def short(text: str, longest: int) -> str:
    """Cut a text in the middle: the ends of file names tell most."""
    if len(text) <= longest:
        return text
    tail = (longest - 1) // 2
    return f"{text[: longest - 1 - tail]}…{text[-tail:]}"


def cell(name: str, value: Any, unit: str = "") -> str:
    """Write one value for people; not yet escaped for HTML."""
    if value is None:
        return ""
    if isinstance(value, bool):
        return "●" if value and name == "mrp" else "yes" if value else "" if name == "mrp" else "no"
    if unit == "byte":
        return size(value)
    if isinstance(value, list) and all(isinstance(item, str) for item in value):
        return visible(", ".join(value))
    return visible(value if isinstance(value, str) else json.dumps(value, default=str, ensure_ascii=False))


def head(rows: Rows[Any]) -> str:
    """Say how many rows there are, how large their files, and what was asked."""
    whole = rows.told.whole
    part = f"{len(rows):,} of " if whole not in (None, len(rows)) else ""
    all_rows = len(rows) if whole is None else whole
    count = f"{part}{all_rows:,} row{'' if all_rows == 1 else 's'}"
    if "size" in rows.columns and rows.about["size"].unit == "byte":
        count += _total(rows.values("size"))
    note = f"; {rows.told.note}" if rows.told.note else ""
    return visible(f"{short(rows.told.call, LONGEST)}: {count}{note}")


def _total(sizes: list[int | None]) -> str:
    known = [number for number in sizes if number is not None]
    least = "at least " if len(known) < len(sizes) else ""
    return f", {least}{size(sum(known))}" if known else ""


def text(rows: Rows[Any]) -> str:
    """Return a few rows in columns, and how many more there are."""
    shown = rows[:TEXT_ROWS]
    columns = []
    for name in shown_columns(rows):
        column = [name, *(short(each, WIDEST) for each in cells(shown, name))]
        width = max(len(each) for each in column)
        columns.append([each.ljust(width) for each in column])
    lines = ["  ".join(line).rstrip() for line in zip(*columns, strict=True)] if len(rows) else []
    return "\n".join([head(rows), *lines, *more_rows(len(rows) - len(shown))])


def shown_columns(rows: Rows[Any]) -> list[str]:
    """Return the names of the columns that are shown to people."""
    return [name for name in rows.columns if name not in _HIDDEN or len(rows.columns) == 1]


def cells(rows: Rows[Any], name: str) -> list[str]:
    """Return the values of a column as text."""
    return [cell(name, value, rows.about[name].unit) for value in rows.values(name)]


def more_rows(number: int) -> list[str]:
    """Return the line that counts the rows left out, if any."""
    return [f"… and {number:,} more"] if number > 0 else []
