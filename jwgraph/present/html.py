"""Format answers as HTML. File names are untrusted data and are escaped."""

from __future__ import annotations

from html import escape

from jwgraph.answers.products import ProductRow
from jwgraph.present.cells import MARK
from jwgraph.present.columns import NUMBERS
from jwgraph.present.escape import visible
from jwgraph.present.info import Tabular
from jwgraph.present.text import LONGEST, cells, head, more_rows, remarks, short, shown_columns
from jwgraph.present.tree import EXPECTED, Level, ProductTree, details, marked

HTML_ROWS = 50

# Maximum number of files in a tree, since notebooks save their output.
TREE_FILES = 300

_RIGHT = ' style="text-align:right"'
_LEFT = ' style="text-align:left"'

_FAINT = "color:#888"


def table(rows: Tabular) -> str:
    """Return the first rows as an HTML table, with the number of further rows."""
    names = shown_columns(list(rows.about))
    sides = {name: _RIGHT if rows.about[name].type in NUMBERS else _LEFT for name in names}
    columns = [[_td(each, sides[name]) for each in cells(rows, name, HTML_ROWS)] for name in names]
    body = "".join(f"<tr>{''.join(line)}</tr>" for line in zip(*columns, strict=True))
    heads = "".join(f"<th{sides[name]}>{escape(visible(name))}</th>" for name in names)
    more = "".join(f"<div>{line}</div>" for line in more_rows(len(rows) - HTML_ROWS))
    inner = f"<table><thead><tr>{heads}</tr></thead><tbody>{body}</tbody></table>" if len(rows) else ""
    return f'<div class="jwgraph"><div><b>{escape(head(rows))}</b></div>{notes(rows)}{inner}{more}</div>'


def notes(rows: Tabular) -> str:
    """Return the notes of an answer, in a line each."""
    return "".join(f"<div>{escape(line)}</div>" for line in remarks(rows))


def _td(text: str, side: str) -> str:
    return f"<td{side}>{escape(short(text, LONGEST))}</td>"


def tree(rows: Tabular, products: ProductTree) -> str:
    """Return the tree of an Observation as HTML with collapsible branches: own products, exposures, linked files."""
    left = Budget(TREE_FILES)
    inner = [
        _branch(products.own_title, _files(products.own, left), opened=True) if products.own else "",
        *(_exposures(level, left) for level in products.included),
        _branch(products.linked_title, _files(products.linked, left)) if products.linked else "",
        *(f"<div>{line}</div>" for line in more_rows(left.refused)),
    ]
    first = escape(f"{head(rows)}; {products.recommended} recommended ({MARK})")
    return f'<div class="jwgraph"><div><b>{first}</b></div>{notes(rows)}{"".join(inner)}</div>'


class Budget:
    """Number of files that may still be shown, and number of files left out."""

    def __init__(self, left: int) -> None:
        self.left = left
        self.refused = 0

    def take(self, rows: list[ProductRow]) -> list[ProductRow]:
        """Return the first rows that fit in the budget, and count the others."""
        taken = rows[: self.left]
        self.left -= len(taken)
        self.refused += len(rows) - len(taken)
        return taken


def _exposures(level: Level, left: Budget) -> str:
    # Observations after the budget is used up are omitted entirely.
    inner = (_observation(obs_id, files, left) for obs_id, files in level.observations.items())
    return _branch(level.title, "".join(inner))


def _observation(obs_id: str, files: list[ProductRow], left: Budget) -> str:
    found = _files(files, left)
    return _branch(f"{obs_id} ({len(files)})", found) if found else ""


def _branch(title: str, inner: str, *, opened: bool = False) -> str:
    shown = escape(visible(title))
    return (
        f'<details{" open" if opened else ""} style="margin-left:1em"><summary>{shown}</summary>'
        f'<div style="margin-left:1em">{inner}</div></details>'
    )


def _files(rows: list[ProductRow], left: Budget) -> str:
    return "".join(_file(row) for row in left.take(rows))


def _file(row: ProductRow) -> str:
    about = details(row) if row.archived else f"{details(row)}, {EXPECTED}"
    name = escape(short(visible(row.productFilename), LONGEST))
    return f'<div>{marked(row)}{name} <span style="{_FAINT}">{escape(visible(about))}</span></div>'
