"""Choose the columns of a table that fit a width: identifiers are never wrapped or cut.

Columns are left out in this order until the rest fits: those with the same value in every row, those of little use,
the others from the right, and last those with lists. Identifiers and text stay. If they alone are too wide, the rows
become records, one below another.
"""

from __future__ import annotations

import re
import textwrap
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field

from jwgraph.model.columns import Column

# Narrowest column of a text that wraps at its spaces.
NARROWEST = 24

# Stands for a space that is not to be broken at; no text has it, since control characters are escaped.
_HELD = "\0"

# A command between backticks.
_COMMAND = re.compile("`[^`]*`")

# Spaces between two columns, and around the table.
GAP, EDGES = 3, 2


@dataclass(frozen=True, slots=True)
class Fit:
    """How to print a table.

    Attributes
    ----------
    shown
        Columns to show, in order.
    wrapped
        Those of them that contain text, which may wrap at its spaces.
    same
        Columns left out because each row has the same value, with that value.
    left_out
        Other columns left out.
    records
        Print each row as a record, one column a line.
    """

    shown: tuple[str, ...]
    wrapped: frozenset[str] = frozenset()
    same: dict[str, str] = field(default_factory=dict)
    left_out: tuple[str, ...] = ()
    records: bool = False


def fit(cells: Mapping[str, Sequence[str]], about: Mapping[str, Column], width: int) -> Fit:
    """Choose the columns that fit.

    Parameters
    ----------
    cells
        The values of each column as they are printed.
    about
        The columns.
    width
        Width of the terminal, in characters.
    """
    names = list(cells)
    wrapped = frozenset(name for name in names if any(" " in cell for cell in cells[name]))
    least = {name: _least(name, cells[name], wraps=name in wrapped) for name in names}
    shown, dropped = list(names), list[str]()
    for name in _order(cells, about, wrapped):
        if _width(shown, least) <= width:
            break
        shown.remove(name)
        dropped.append(name)
    if _width(shown, least) > width:
        return Fit(tuple(names), records=True)
    same = {name: cells[name][0] for name in names if name in dropped and _is_same(cells[name])}
    left_out = tuple(name for name in names if name in dropped and name not in same)
    return Fit(tuple(shown), wrapped & set(shown), same, left_out)


def _least(name: str, column: Sequence[str], *, wraps: bool) -> int:
    longest = max((len(cell) for cell in column), default=0)
    if wraps:
        words = max(len(word) for cell in column for word in cell.split() or [""])
        longest = min(longest, max(NARROWEST, words))
    return max(len(name), longest)


def _width(shown: Sequence[str], least: Mapping[str, int]) -> int:
    return sum(least[name] for name in shown) + GAP * (len(shown) - 1) + EDGES


def _order(cells: Mapping[str, Sequence[str]], about: Mapping[str, Column], wrapped: frozenset[str]) -> list[str]:
    """Return the columns that may be left out, the first to go first; the first column of the table never is."""
    may_go = list(cells)[:0:-1]
    same = [name for name in may_go if _is_same(cells[name])]
    minor = [name for name in may_go if about[name].minor and name not in same]
    rest = [name for name in may_go if _is_detail(about[name]) and name not in same + minor]
    lists = [name for name in rest if name in wrapped and about[name].type == "json"]
    return same + minor + [name for name in rest if name not in wrapped] + lists


def _is_same(column: Sequence[str]) -> bool:
    return len(column) > 1 and len(set(column)) == 1


def _is_detail(column: Column) -> bool:
    """Return whether a column is described, and neither identifies a file or an Observation nor answers in words."""
    return bool(column.ucd) and column.ucd not in ("meta.id", "meta.id;meta.file", "meta.note")


def wrap(text: str, width: int) -> str:
    """Break lines at spaces so that they fit; names and commands between backticks stay whole, however long."""
    whole = _COMMAND.sub(lambda found: found.group().replace(" ", _HELD), text)
    lines = (
        textwrap.wrap(line, width, break_long_words=False, break_on_hyphens=False) or [""] for line in whole.split("\n")
    )
    return "\n".join(part for parts in lines for part in parts).replace(_HELD, " ")
