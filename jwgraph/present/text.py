"""Format answers as plain text."""

from __future__ import annotations

import json
from collections.abc import Sequence
from typing import Any

from jwgraph.present.escape import visible
from jwgraph.present.info import Tabular

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


def head(rows: Tabular) -> str:
    """Say how many rows there are, how large their files, and what was asked."""
    whole = rows.info.whole
    part = f"{len(rows):,} of " if whole not in (None, len(rows)) else ""
    all_rows = len(rows) if whole is None else whole
    count = f"{part}{all_rows:,} row{'' if all_rows == 1 else 's'}"
    if "size" in rows.about and rows.about["size"].unit == "byte":
        count += _total(rows.values("size"))
    note = f"; {rows.info.note}" if rows.info.note else ""
    return visible(f"{short(rows.info.call, LONGEST)}: {count}{note}")


def _total(sizes: list[int | None]) -> str:
    known = [number for number in sizes if number is not None]
    least = "at least " if len(known) < len(sizes) else ""
    return f", {least}{size(sum(known))}" if known else ""


def text(rows: Tabular) -> str:
    """Return a few rows in columns, and how many more there are."""
    columns = []
    for name in shown_columns(list(rows.about)):
        column = [name, *(short(each, WIDEST) for each in cells(rows, name, TEXT_ROWS))]
        width = max(len(each) for each in column)
        columns.append([each.ljust(width) for each in column])
    lines = ["  ".join(line).rstrip() for line in zip(*columns, strict=True)] if len(rows) else []
    return "\n".join([head(rows), *lines, *more_rows(len(rows) - TEXT_ROWS)])


def shown_columns(names: Sequence[str]) -> list[str]:
    """Return the columns to show: all but `dataURI`, which repeats the file name."""
    return [name for name in names if name not in _HIDDEN or len(names) == 1]


def cells(rows: Tabular, name: str, most: int) -> list[str]:
    """Return the first values of a column as text."""
    return [cell(name, value, rows.about[name].unit) for value in rows.values(name)[:most]]


def more_rows(number: int) -> list[str]:
    """Return the line that counts the rows not shown, if there are any."""
    return [f"… and {number:,} more"] if number > 0 else []
