"""Draw trees of products, lineages and product cards for the terminal."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import UTC, datetime
from itertools import groupby
from typing import Any

from rich.text import Text
from rich.tree import Tree

from jwgraph.answers.lineage import LineageRow
from jwgraph.answers.products import ProductRow
from jwgraph.cli import output
from jwgraph.model.vocabulary import RELATIONS, Family, Relation

LINKED = frozenset(str(r) for r, rule in RELATIONS.items() if rule.family is Family.LINKED)


def show_tree(obs_id: str, rows: Sequence[ProductRow], *, mrp: bool) -> None:
    """Print the products of an Observation: its own first, then each exposure's, then linked files."""
    chosen = sum(1 for row in rows if row.mrp)
    count = f"{output.count(len(rows), 'product')}, {output.size(sum(row.size or 0 for row in rows))}"
    root = Tree(Text.assemble((output.visible(obs_id), "bold"), f"  {count}"))
    own = [row for row in rows if row.obs_id == obs_id]
    linked = [row for row in rows if row.obs_id is None]
    rest = [row for row in rows if row.obs_id not in (obs_id, None)]
    if own:
        _branch(root, _level_title(own), sorted(own, key=lambda row: (row.relation in LINKED, row.stage is None)))
    by_level = sorted(rest, key=lambda row: (-_dataset_level(row, rest), str(row.obs_id), row.stage or "~"))
    for level, group in groupby(by_level, key=lambda row: _dataset_level(row, rest)):
        files = list(group)
        datasets = {row.obs_id for row in files}
        branch = root.add(
            Text(
                f"exposures at level {level}  "
                f"({output.count(len(datasets), 'dataset')}, {output.count(len(files), 'product')})",
                "cyan",
            )
        )
        for dataset, members in groupby(files, key=lambda row: row.obs_id):
            _branch(branch, output.visible(str(dataset)), list(members))
    if linked:
        _branch(root, "linked", linked)
    output.console().print(root)
    box = "on" if mrp else "off"
    of = f"{chosen} of {output.count(len(rows), 'product')}"
    output.note(f"Minimum Recommended Products: {box}. Recommended (●): {of}.")


def _dataset_level(row: ProductRow, rows: Sequence[ProductRow]) -> int:
    return max((r.calib_level or 0 for r in rows if r.obs_id == row.obs_id), default=0)


def _level_title(rows: Sequence[ProductRow]) -> str:
    level = max((row.calib_level or 0 for row in rows), default=0)
    return f"level {level}  ({output.count(len(rows), 'product')})"


def _branch(parent: Tree, title: str, rows: Sequence[ProductRow]) -> None:
    branch = parent.add(Text(title, "cyan"))
    for row in rows:
        branch.add(_line(row))


def _line(row: ProductRow) -> Text:
    mark = ("● ", "green") if row.mrp else "  "
    style = "dim" if row.relation in LINKED else ""
    line = Text.assemble(mark, (output.visible(_short(row)), style))
    about = [part for part in (row.productType, _stage(row), output.size(row.size), row.relation) if part]
    line.append("  " + ", ".join(about), "dim")
    if not row.archived:
        line.append("  expected, not archived", "yellow")
    return line


def _short(row: ProductRow) -> str:
    """Shorten a name that starts with the dataset named in the branch above: `…_cal.fits`."""
    prefix = f"{row.obs_id}_"
    return f"…_{row.productFilename[len(prefix) :]}" if row.productFilename.startswith(prefix) else row.productFilename


def _stage(row: ProductRow) -> str:
    return f"L{row.stage}" if row.stage else ""


def show_lineage(filename: str, rows: Sequence[LineageRow], *, up: bool) -> None:
    """Print a lineage, with one branch per step."""
    what = "was made from" if up else "went into"
    root = Tree(Text.assemble((output.visible(filename), "bold"), f"  {what} {output.count(len(rows), 'product')}"))
    for depth, group in groupby(rows, key=lambda row: row.depth):
        files = list(group)
        branch = root.add(Text(f"{output.count(depth, 'step')} away  ({output.count(len(files), 'product')})", "cyan"))
        for row in files:
            branch.add(_lineage_line(row))
    output.console().print(root)


def _lineage_line(row: LineageRow) -> Text:
    line = Text(output.visible(row.productFilename))
    about = [part for part in (_stage(row), row.relation, row.role, row.association) if part]
    line.append("  " + ", ".join(about), "dim")
    if row.relation == Relation.CALIBRATION:
        line.stylize("magenta")
    if not row.archived:
        line.append("  expected, not archived", "yellow")
    return line


# Properties in milliseconds since 1970.
MOMENTS = frozenset({"new_at", "reprocessed_at", "public_at"})


def show_product(found: dict[str, Any]) -> None:
    """Print all that is known about one product."""
    from rich.table import Table

    table = Table(box=None, show_header=False, pad_edge=False)
    table.add_column(style="cyan")
    table.add_column(overflow="fold")
    table.add_row(Text("productFilename"), Text(output.visible(found["productFilename"]), "bold"))
    hidden = {"filename", "mast_rank", "asn_rank", "header_rank", "template_patterns", "template_files"} | MOMENTS
    for name, value in sorted(found["properties"].items()):
        if name not in hidden and value not in (None, [], ""):
            table.add_row(Text(name), Text(output.visible(str(value))))
    for name in sorted(MOMENTS & found["properties"].keys()):
        when = datetime.fromtimestamp(found["properties"][name] / 1000, UTC)
        table.add_row(Text(name), Text(when.isoformat(timespec="seconds").replace("+00:00", "Z")))
    for owner in found["part_of"]:
        flag = ""
        if owner["mrp"]:
            flag = "  Minimum Recommended Product" if owner["listed"] else "  recommended within this dataset only"
        table.add_row(Text("part of"), Text(f"{owner['obs_id']}  (by {owner['basis']}){flag}"))
    for named in found["member_of"]:
        table.add_row(Text("member of"), Text(f"{named['association']}  ({named['exptype']})"))
    for made in found["produced_by"]:
        late = f"  superseded by {made['superseded_by']}" if made["superseded_by"] else ""
        table.add_row(Text("made by"), Text(f"{made['association']}{late}"))
    for name, label in (("made_of", "made from"), ("feeds", "went into"), ("linked", "linked to")):
        table.add_row(Text(label), Text(output.count(found[name], "product")))
    output.console().print(table)
