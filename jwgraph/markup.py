"""Answers as text and small HTML. File names are hostile data: all of them are escaped, controls made visible."""

from __future__ import annotations

import json
from collections.abc import Iterable, Iterator
from html import escape
from itertools import groupby
from typing import TYPE_CHECKING, Any

from jwgraph.shown import visible

if TYPE_CHECKING:
    from jwgraph.tables import Rows
    from jwgraph.views import ProductRow

TEXT_ROWS = 20
HTML_ROWS = 50
# Files in a whole tree: a notebook keeps what it shows.
TREE_FILES = 300
WIDEST = 64
LONGEST = 200

# Nobody reads it in a row, and it is the file name again.
_HIDDEN = frozenset({"dataURI"})
_NUMBERS = frozenset({"int64", "float64"})
_RIGHT = ' style="text-align:right"'
_LEFT = ' style="text-align:left"'
_FAINT = "color:#888"


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
    for name in _shown(rows):
        cells = [name, *(short(each, WIDEST) for each in _cells(shown, name))]
        width = max(len(each) for each in cells)
        columns.append([each.ljust(width) for each in cells])
    lines = ["  ".join(line).rstrip() for line in zip(*columns, strict=True)] if len(rows) else []
    return "\n".join([head(rows), *lines, *_more(len(rows) - len(shown))])


def table(rows: Rows[Any]) -> str:
    """Return the first rows as an HTML table, and how many more there are."""
    shown = rows[:HTML_ROWS]
    names = _shown(rows)
    sides = {name: _RIGHT if rows.about[name].type in _NUMBERS else _LEFT for name in names}
    columns = [
        [f"<td{sides[name]}>{escape(short(each, LONGEST))}</td>" for each in _cells(shown, name)] for name in names
    ]
    body = "".join(f"<tr>{''.join(line)}</tr>" for line in zip(*columns, strict=True))
    heads = "".join(f"<th{sides[name]}>{escape(visible(name))}</th>" for name in names)
    more = "".join(f"<div>{line}</div>" for line in _more(len(rows) - len(shown)))
    inner = f"<table><thead><tr>{heads}</tr></thead><tbody>{body}</tbody></table>" if len(rows) else ""
    return f'<div class="jwgraph"><div><b>{escape(head(rows))}</b></div>{inner}{more}</div>'


def _shown(rows: Rows[Any]) -> list[str]:
    return [name for name in rows.columns if name not in _HIDDEN or len(rows.columns) == 1]


def _cells(rows: Rows[Any], name: str) -> list[str]:
    return [cell(name, value, rows.about[name].unit) for value in rows.values(name)]


def _td(text: str, side: str) -> str:
    return f"<td{side}>{escape(short(text, LONGEST))}</td>"


def _more(number: int) -> list[str]:
    return [f"… and {number:,} more"] if number > 0 else []


def tree(obs_id: str, rows: Rows[ProductRow]) -> str:
    """Return a tree by level and dataset, its branches to be opened: own files, exposures, what is linked."""
    left = Budget(TREE_FILES)
    own = [row for row in rows if row.obs_id == obs_id]
    linked = [row for row in rows if row.obs_id is None]
    inner = [
        _branch(f"level {_level(own)} ({len(own)} products)", _files(own, left), opened=True) if own else "",
        *_exposures([row for row in rows if row.obs_id not in (obs_id, None)], left),
        _branch(f"linked ({len(linked)} products)", _files(linked, left)) if linked else "",
        *(f"<div>{line}</div>" for line in _more(left.refused)),
    ]
    chosen = sum(1 for row in rows if row.mrp)
    title = f"{head(rows)}; {chosen} recommended (●)"
    return f'<div class="jwgraph"><div><b>{escape(title)}</b></div>{"".join(inner)}</div>'


class Budget:
    """How many files may still be shown, and how many were not."""

    def __init__(self, left: int) -> None:
        self.left = left
        self.refused = 0

    def take(self, rows: list[ProductRow]) -> list[ProductRow]:
        """Return those of the rows that there is room for."""
        taken = rows[: self.left]
        self.left -= len(taken)
        self.refused += len(rows) - len(taken)
        return taken


def _exposures(rows: list[ProductRow], left: Budget) -> Iterator[str]:
    datasets = {name: list(group) for name, group in groupby(sorted(rows, key=_name), key=_name)}
    levels: dict[int, list[str]] = {}
    for name, files in datasets.items():
        levels.setdefault(_level(files), []).append(name)
    for level in sorted(levels, reverse=True):
        names = levels[level]
        count = sum(len(datasets[name]) for name in names)
        # Datasets past the last one that there is room for are not even named.
        inner = [_dataset(name, datasets[name], left) for name in names]
        yield _branch(f"exposures at level {level} ({len(names)} datasets, {count} products)", "".join(inner))


def _dataset(name: str, files: list[ProductRow], left: Budget) -> str:
    found = _files(files, left)
    return _branch(f"{name} ({len(files)})", found) if found else ""


def _name(row: ProductRow) -> str:
    return row.obs_id or ""


def _level(rows: Iterable[ProductRow]) -> int:
    return max((row.calib_level or 0 for row in rows), default=0)


def _branch(title: str, inner: str, *, opened: bool = False) -> str:
    shown = escape(visible(title))
    return (
        f'<details{" open" if opened else ""} style="margin-left:1em"><summary>{shown}</summary>'
        f'<div style="margin-left:1em">{inner}</div></details>'
    )


def _files(rows: list[ProductRow], left: Budget) -> str:
    return "".join(_file(row) for row in left.take(rows))


def _file(row: ProductRow) -> str:
    stage = f"L{row.stage}" if row.stage else ""
    about = [part for part in (row.productType, stage, size(row.size), row.relation) if part]
    if not row.archived:
        about.append("expected, not archived")
    mark = "● " if row.mrp else ""
    name = escape(short(visible(row.productFilename), LONGEST))
    return f'<div>{mark}{name} <span style="{_FAINT}">{escape(visible(", ".join(about)))}</span></div>'
