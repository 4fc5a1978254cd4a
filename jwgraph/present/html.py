"""Format answers as HTML. File names are untrusted data and are escaped."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from html import escape
from itertools import groupby

from jwgraph.answers.products import ProductRow
from jwgraph.present.escape import visible
from jwgraph.present.info import Tabular
from jwgraph.present.text import (
    LONGEST,
    cells,
    head,
    more_rows,
    short,
    shown_columns,
    size,
)

HTML_ROWS = 50


# Files in a whole tree: a notebook keeps what it shows.
TREE_FILES = 300


_NUMBERS = frozenset({"int64", "float64"})


_RIGHT = ' style="text-align:right"'


_LEFT = ' style="text-align:left"'


_FAINT = "color:#888"


def table(rows: Tabular) -> str:
    """Return the first rows as an HTML table, and how many more there are."""
    names = shown_columns(list(rows.about))
    sides = {name: _RIGHT if rows.about[name].type in _NUMBERS else _LEFT for name in names}
    columns = [[_td(each, sides[name]) for each in cells(rows, name, HTML_ROWS)] for name in names]
    body = "".join(f"<tr>{''.join(line)}</tr>" for line in zip(*columns, strict=True))
    heads = "".join(f"<th{sides[name]}>{escape(visible(name))}</th>" for name in names)
    more = "".join(f"<div>{line}</div>" for line in more_rows(len(rows) - HTML_ROWS))
    inner = f"<table><thead><tr>{heads}</tr></thead><tbody>{body}</tbody></table>" if len(rows) else ""
    return f'<div class="jwgraph"><div><b>{escape(head(rows))}</b></div>{inner}{more}</div>'


def _td(text: str, side: str) -> str:
    return f"<td{side}>{escape(short(text, LONGEST))}</td>"


def tree(obs_id: str, title: str, rows: Sequence[ProductRow]) -> str:
    """Return a tree by level and dataset, its branches to be opened: own files, exposures, what is linked."""
    left = Budget(TREE_FILES)
    own = [row for row in rows if row.obs_id == obs_id]
    linked = [row for row in rows if row.obs_id is None]
    inner = [
        _branch(f"level {_level(own)} ({len(own)} products)", _files(own, left), opened=True) if own else "",
        *_exposures([row for row in rows if row.obs_id not in (obs_id, None)], left),
        _branch(f"linked ({len(linked)} products)", _files(linked, left)) if linked else "",
        *(f"<div>{line}</div>" for line in more_rows(left.refused)),
    ]
    chosen = sum(1 for row in rows if row.mrp)
    first = escape(f"{title}; {chosen} recommended (●)")
    return f'<div class="jwgraph"><div><b>{first}</b></div>{"".join(inner)}</div>'


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
