"""Draw trees of products, lineages and product cards for the terminal."""

from __future__ import annotations

from collections.abc import Sequence
from itertools import groupby
from typing import Any

from rich.text import Text
from rich.tree import Tree

from jwgraph.answers.lineage import LineageRow
from jwgraph.answers.products import ProductRow
from jwgraph.cli import output
from jwgraph.model.vocabulary import Relation
from jwgraph.present.cells import MARK, count, total_size
from jwgraph.present.fold import Files, branches
from jwgraph.present.product import lines
from jwgraph.present.tree import EXPECTED, LINKED, group, level


def show_tree(
    obs_id: str, rows: Sequence[ProductRow], *, mrp: bool, fold: bool = True, depth: int | None = None
) -> None:
    """Print the products of an Observation: its own first, then each exposure's, then linked files.

    Parameters
    ----------
    fold
        Show exposures with the same kinds of files as one branch.
    depth
        Levels of the tree to show: 1 groups, 2 Observations, 3 files; all if it is None.
    """
    products = group(obs_id, rows)
    about = [count(len(rows), "product"), total_size(row.size for row in rows)]
    root = Tree(Text.assemble((output.visible(obs_id), "bold"), "  " + ", ".join(filter(None, about))))
    deepest = 3 if depth is None else depth
    if products.own:
        _branch(root, products.own_title, [Files((row,)) for row in products.own], shown=deepest > 1)
    for each in products.included:
        branch = root.add(Text(each.title, "cyan"))
        for part in branches(each.observations, folded=fold) if deepest > 1 else ():
            _branch(branch, output.visible(part.title), part.files, shown=deepest > 2)
    if products.linked:
        _branch(root, products.linked_title, [Files((row,)) for row in products.linked], shown=deepest > 1)
    output.paged(root)
    box = "on" if mrp else "off"
    output.note(
        f"Minimum Recommended Products: {box}. "
        f"Recommended ({MARK}): {products.recommended} of {count(len(rows), 'product')}."
    )


def _branch(parent: Tree, title: str, files: Sequence[Files], *, shown: bool) -> None:
    branch = parent.add(Text(title, "cyan"))
    for each in files if shown else ():
        branch.add(_line(each))


def _line(files: Files) -> Text:
    row = files.rows[0]
    style = "dim" if row.relation in LINKED else ""
    line = Text.assemble((files.mark, "green"), (output.visible(files.name), style), (f"  {files.details}", "dim"))
    if not row.archived:
        line.append(f"  {EXPECTED}", "yellow")
    return line


def show_lineage(filename: str, rows: Sequence[LineageRow], *, up: bool) -> None:
    """Print a lineage, with one branch per step."""
    what = "was made from" if up else "went into"
    root = Tree(Text.assemble((output.visible(filename), "bold"), f"  {what} {count(len(rows), 'product')}"))
    for depth, nearest in groupby(rows, key=lambda row: row.depth):
        files = list(nearest)
        branch = root.add(Text(f"{count(depth, 'step')} away ({count(len(files), 'product')})", "cyan"))
        for row in files:
            branch.add(_lineage_line(row))
    output.paged(root)


def _lineage_line(row: LineageRow) -> Text:
    line = Text(output.visible(row.productFilename))
    about = [part for part in (level(row.productLevel), row.relation, row.role, row.association) if part]
    line.append("  " + ", ".join(about), "dim")
    if row.relation == Relation.CALIBRATION:
        line.stylize("magenta")
    if not row.archived:
        line.append(f"  {EXPECTED}", "yellow")
    return line


def show_product(found: dict[str, Any]) -> None:
    """Print all that is known about one product."""
    from rich.table import Table

    table = Table(box=None, show_header=False, pad_edge=False)
    table.add_column(style="cyan")
    table.add_column(overflow="fold")
    table.add_row(Text("productFilename"), Text(output.visible(found["productFilename"]), "bold"))
    for line in lines(found):
        table.add_row(Text(line.label), Text(output.visible("  ".join(filter(None, (line.text, line.remark))))))
    output.console().print(table)
