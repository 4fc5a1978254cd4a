"""Format a single value as text, for programs or for people."""

from __future__ import annotations

import json
from collections.abc import Iterable
from typing import Any

from jwgraph.model.columns import Column
from jwgraph.present.escape import visible

# The mark for true in a marked column.
MARK = "●"

_UNITS = ("kB", "MB", "GB", "TB", "PB")


def cell(value: Any) -> str:
    """Format a value for programs: empty for null, JSON for lists and maps, control characters escaped."""
    if value is None:
        return ""
    if isinstance(value, bool):
        return "true" if value else "false"
    if isinstance(value, (list, dict)):
        return json.dumps(value, default=str)
    return visible(str(value))


def readable(value: Any, column: Column) -> str:
    """Format a value for people: sizes in kB and MB, yes or no or a mark, lists with commas; others as in `cell`."""
    if isinstance(value, bool):
        yes, no = (MARK, "") if column.marked else ("yes", "no")
        return yes if value else no
    if column.unit == "byte":
        return size(value)
    if isinstance(value, list) and all(isinstance(item, str) for item in value):
        return visible(", ".join(value))
    return cell(value)


def size(number: int | None) -> str:
    """Format a number of bytes in powers of 1000, such as 50.2 MB; empty if unknown."""
    if number is None:
        return ""
    if abs(number) < 1000:
        return count(number, "byte")
    amount = float(number)
    for unit in _UNITS:
        amount /= 1000
        if abs(amount) < 1000 or unit == _UNITS[-1]:
            break
    return f"{amount:,.1f} {unit}"


def total_size(sizes: Iterable[int | None]) -> str:
    """Format the sum of sizes, with `at least` if some are unknown; empty if all are unknown."""
    given = list(sizes)
    known = [number for number in given if number is not None]
    least = "at least " if len(known) < len(given) else ""
    return f"{least}{size(sum(known))}" if known else ""


def count(number: int, noun: str) -> str:
    """Format a count with its noun, such as 1 product or 2,500 products."""
    return f"{number:,} {noun}{'' if number == 1 else 's'}"
