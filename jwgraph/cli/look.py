"""Look-ups: observations, tree, mrp, lineage, members, links, product, digest."""

from __future__ import annotations

import json
import sys
from typing import TYPE_CHECKING, Annotated, Any

import typer

from jwgraph.cli import complete, output
from jwgraph.cli.filter_options import filtered
from jwgraph.cli.output import Format, FormatOption

if TYPE_CHECKING:
    from jwgraph.answers.filters import Filter
    from jwgraph.answers.products import ProductRow

ObsId = Annotated[
    str,
    typer.Argument(
        metavar="OBS_ID", help="Observation, as MAST names it (obs_id).", autocompletion=complete.observations
    ),
]
File = Annotated[str, typer.Argument(metavar="FILE", help="File name of a product.", autocompletion=complete.files)]


def register(app: typer.Typer) -> None:
    """Add the commands of this module."""
    panel = "Look up"
    for command in (observations, tree, mrp, lineage, members, links, product, digest):
        app.command(rich_help_panel=panel)(command)


@filtered
def observations(
    every: Annotated[bool, typer.Option("--all", "-a", help="Every dataset, not only the Portal's rows.")] = False,
    program: Annotated[str | None, typer.Option(help="Only this program, such as 2733.")] = None,
    format: FormatOption = None,
    *,
    chosen: Filter,
) -> None:
    """List the Observations as the Portal does: those that no other one includes.

    With filters: those that own a file which passes them.

    Example: `jwgraph observations --program 2733`

    Example: `jwgraph observations --program 2733 --suffix x1d`
    """
    from jwgraph.answers import products
    from jwgraph.answers.observations import ObservationRow
    from jwgraph.answers.observations import observations as find_observations
    from jwgraph.names.identifiers import program_number

    wanted = program_number(program)
    with output.open_graph() as graph:
        found = find_observations(graph, every=every, program=wanted)
        files = products.own_files(graph, every=every, program=wanted) if chosen.parts() else {}
    shown = [row for row in found if not chosen.parts() or chosen.apply(files.get(row.obs_id, []))]
    output.rows(shown, format, of=ObservationRow)
    if not found:
        output.note("No Observation is listed. Load something first: `jwgraph load PATH`, or `jwgraph demo`.")
    elif not shown:
        output.note(chosen.why_nothing([file for owned in files.values() for file in owned]))


@filtered
def tree(
    obs_id: ObsId,
    mrp: Annotated[
        bool, typer.Option("--mrp/--all", help="Only the Minimum Recommended Products, or all levels.")
    ] = False,
    format: FormatOption = None,
    *,
    chosen: Filter,
) -> None:
    """Show all products of an Observation, as the Download Manager's tree does.

    Example: `jwgraph tree jw02733-o001_t001_nircam_clear-f090w --mrp`

    Example: `jwgraph tree jw02733-o001_t001_nircam_clear-f090w --suffix cal --no-previews`
    """
    from jwgraph.answers import products, resolve

    with output.open_graph() as graph:
        found = products.tree(graph, obs_id, mrp=mrp)
        state = resolve.require_observation(graph, obs_id) if not found else {}
    shown = chosen.apply(found)
    if output.pick(format) is Format.TABLE:
        from jwgraph.cli.terminal_tree import show_tree

        # Files name their owner by its key; what was typed may be another spelling of it.
        show_tree(resolve.key(obs_id), shown, mrp=mrp)
    else:
        output.rows(shown, format, of=products.ProductRow)
    if not found:
        _say_empty(state, mrp=mrp)
    elif not shown:
        output.note(chosen.why_nothing(found))


def mrp(obs_id: ObsId, format: FormatOption = None) -> None:
    """List the Minimum Recommended Products of an Observation.

    Example: `jwgraph mrp jw02733-o001_t001_nircam_clear-f090w --format csv`
    """
    from jwgraph.answers import products, resolve

    with output.open_graph() as graph:
        found = products.mrp(graph, obs_id)
        state = resolve.require_observation(graph, obs_id) if not found else {}
    _products(found, format)
    if not found:
        _say_empty(state, mrp=True)


def _products(found: list[ProductRow], format: Format | None) -> None:
    from jwgraph.answers import products

    if output.pick(format) is Format.TABLE:
        shown = ("productFilename", "productType", "calib_level", "size", "relation", "stage")
        output.rows([{c: _for_people(row, c) for c in shown} for row in found], format, columns=shown)
    else:
        output.rows(found, format, of=products.ProductRow)


def _for_people(row: Any, column: str) -> Any:
    value = getattr(row, column)
    return output.size(value) if column == "size" else value


_WHY_EMPTY = {
    "expected": "expected, and nothing of it is archived",
    "planned": "planned, and nothing of it is archived",
    "named": "known by name only",
}


def _say_empty(state: dict[str, Any], *, mrp: bool) -> None:
    """Say why an Observation has no products to show: its state tells."""
    archived = f"archived, and no {'recommended ' if mrp else ''}file of it is loaded"
    output.note(f"{state['obs_id']} is {_WHY_EMPTY.get(state['state'], archived)}.")


def lineage(
    file: File,
    up: Annotated[bool, typer.Option("--up/--down", help="What it was made of, or what it feeds.")] = True,
    role: Annotated[list[str] | None, typer.Option(help="Only files in this role (exptype); may be repeated.")] = None,
    format: FormatOption = None,
) -> None:
    """Follow what a product was made of, or what it feeds, all the way.

    Example: `jwgraph lineage jw02733-o001_t001_nircam_clear-f090w_i2d.fits --up --role background`
    """
    from jwgraph.answers.lineage import LineageRow
    from jwgraph.answers.lineage import lineage as find_lineage

    with output.open_graph() as graph:
        found = find_lineage(graph, file, up=up, roles=role or ())
    if output.pick(format) is Format.TABLE:
        from jwgraph.cli.terminal_tree import show_lineage

        show_lineage(file, found, up=up)
    else:
        output.rows(found, format, of=LineageRow)
    if not found:
        output.note("It was made of nothing that is known." if up else "Nothing that is known was made of it.")


def members(
    name: Annotated[
        str,
        typer.Argument(
            metavar="NAME", help="Association file, or the product that it makes.", autocompletion=complete.names
        ),
    ],
    format: FormatOption = None,
) -> None:
    """List the members of an association, with their roles.

    Example: `jwgraph members jw02733-o001_20220710t161010_image3_00001_asn.json`
    """
    from jwgraph.answers import associations

    with output.open_graph() as graph:
        found = associations.members(graph, name)
    output.rows(found, format, of=associations.MemberRow)


def links(file: File, format: FormatOption = None) -> None:
    """List what is linked to a file: previews, guide-star data, MSA metadata.

    Example: `jwgraph links jw02733001001_02101_00001_nrca1_cal.fits`
    """
    from jwgraph.answers import products

    with output.open_graph() as graph:
        found = products.links(graph, file)
    output.rows(found, format, of=products.LinkRow)


def product(file: File, format: FormatOption = None) -> None:
    """Show all that is known of one product: its owners, its associations, its edges.

    Example: `jwgraph product jw02733001001_02101_00001_nrca1_cal.fits`
    """
    from jwgraph.answers import products

    with output.open_graph() as graph:
        found = products.product(graph, file)
    form = output.pick(format)
    if form is Format.TABLE:
        from jwgraph.cli.terminal_tree import show_product

        show_product(found)
    elif form in (Format.CSV, Format.ECSV, Format.VOTABLE):
        output.rows([found], format, columns=list(found))
    else:
        indent = 2 if form is Format.JSON else None
        sys.stdout.write(json.dumps(found, indent=indent, default=str) + "\n")


def digest() -> None:
    """Print one line of hex that is the same for the same graph, however it was loaded.

    Example: `jwgraph digest`
    """
    from jwgraph.store.digest import digest as digest_of

    with output.open_graph() as graph:
        sys.stdout.write(digest_of(graph) + "\n")
