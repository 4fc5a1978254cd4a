"""Look up Observations, products, associations and file names."""

from __future__ import annotations

import json
import sys
from collections.abc import Iterable, Iterator
from typing import TYPE_CHECKING, Annotated, Any

import typer

from jwgraph.cli import complete, output
from jwgraph.cli.options import File, FormatOption, ObsId, Panel, Program, filtered, why_nothing
from jwgraph.cli.output import Format

if TYPE_CHECKING:
    from jwgraph.answers.filters import Filter

PANEL = Panel("Look up", ("observations", "tree", "mrp", "product", "links", "members", "name"))


@filtered
def observations(
    include_exposures: Annotated[
        bool, typer.Option("--include-exposures", help="Also list exposures that another Observation includes.")
    ] = False,
    program: Program = None,
    format: FormatOption = None,
    *,
    chosen: Filter,
) -> None:
    """List Observations as the MAST Portal does: those that no other Observation includes.

    With filters, list only Observations that own a matching file.

    Example: `jwgraph observations --program 2221`

    Example: `jwgraph observations --include-exposures --detector nrca1 --suffix cal`
    """
    from jwgraph.answers import products
    from jwgraph.answers.observations import ObservationRow
    from jwgraph.answers.observations import observations as find_observations
    from jwgraph.names.identifiers import program_number

    wanted = program_number(program)
    with output.open_graph() as graph:
        found = find_observations(graph, include_exposures=include_exposures, program=wanted)
        files = products.own_files(graph, include_exposures=include_exposures, program=wanted) if chosen.parts() else {}
    shown = [row for row in found if not chosen.parts() or chosen.apply(files.get(row.obs_id, []))]
    output.rows(shown, format, of=ObservationRow, notes=found.notes)
    if not found and not found.notes:
        of_program = f" of program {program}" if program else ""
        output.note(
            f"No Observations{of_program} are loaded. Load some with `jwgraph load PATH`, or try `jwgraph demo`."
        )
    elif not shown:
        output.note(why_nothing(chosen, [file for owned in files.values() for file in owned]))


@filtered
def tree(
    obs_id: ObsId,
    mrp: Annotated[
        bool, typer.Option("--mrp/--no-mrp", help="Only the Minimum Recommended Products, or all products.")
    ] = False,
    unfold: Annotated[
        bool, typer.Option("--unfold", help="Show every exposure, also those with the same files.")
    ] = False,
    depth: Annotated[
        int | None, typer.Option(min=1, max=3, help="Levels to show: 1 groups, 2 Observations, 3 files.")
    ] = None,
    format: FormatOption = None,
    *,
    chosen: Filter,
) -> None:
    """Show all products of an Observation as a tree, as MAST's Download Manager does.

    Example: `jwgraph tree jw02221-o001_t001_nircam_clear-f187n --mrp`

    Example: `jwgraph tree jw02221-o001_t001_nircam_clear-f187n --suffix cal --no-previews`
    """
    from jwgraph.answers import products, resolve

    with output.open_graph() as graph:
        found = products.tree(graph, obs_id, mrp=mrp)
        state = resolve.require_observation(graph, obs_id) if not found else {}
    shown = chosen.apply(found)
    if output.pick(format) is Format.TABLE:
        from jwgraph.cli.terminal_tree import show_tree

        # Files name their owner by its key; what was typed may be another spelling of it.
        show_tree(resolve.key(obs_id), shown, mrp=mrp, fold=not unfold, depth=depth)
        output.remarks(found.notes)
    else:
        output.rows(shown, format, of=products.ProductRow, notes=found.notes)
    if not found:
        _say_empty(state, mrp=mrp)
    elif not shown:
        output.note(why_nothing(chosen, found))


def mrp(obs_id: ObsId, format: FormatOption = None) -> None:
    """List the Minimum Recommended Products of an Observation.

    Example: `jwgraph mrp jw02221-o001_t001_nircam_clear-f187n --format csv`
    """
    from jwgraph.answers import products, resolve

    with output.open_graph() as graph:
        found = products.mrp(graph, obs_id)
        state = resolve.require_observation(graph, obs_id) if not found else {}
    shown = ("productFilename", "productType", "calib_level", "size", "relation", "productLevel")
    output.rows(found, format, of=products.ProductRow, table=shown, notes=found.notes)
    if not found:
        _say_empty(state, mrp=True)


_WHY_EMPTY = {
    "expected": "expected, but none of its products is there",
    "seen": "on disk alone, and none of its products is recommended",
    "planned": "planned, but none of its products is there",
    "named": "known only by its name",
}


def _say_empty(state: dict[str, Any], *, mrp: bool) -> None:
    """Say why an Observation has no products to show."""
    archived = f"archived, but none of its {'recommended ' if mrp else ''}products is loaded"
    output.note(f"{state['obs_id']} is {_WHY_EMPTY.get(state['state'], archived)}.")


def product(file: File, format: FormatOption = None) -> None:
    """Show what is known about one product: its properties, Observations, associations and relations.

    Example: `jwgraph product jw02221001001_03101_00001_nrca1_cal.fits`
    """
    from jwgraph.answers import resolve

    with output.open_graph() as graph:
        (found,) = answer = resolve.require_product(graph, file)
    form = output.pick(format)
    if form is Format.TABLE:
        from jwgraph.cli.terminal_tree import show_product

        show_product(found)
    elif form in (Format.CSV, Format.ECSV, Format.VOTABLE):
        output.rows([found], format, columns=list(found))
    else:
        indent = 2 if form is Format.JSON else None
        sys.stdout.write(json.dumps(found, indent=indent, default=str) + "\n")
    output.remarks(answer.notes)


def links(file: File, format: FormatOption = None) -> None:
    """List the files linked to a product: previews, guide-star data, MSA metadata.

    Example: `jwgraph links jw02221001001_03101_00001_nrca1_cal.fits`
    """
    from jwgraph.answers import products

    with output.open_graph() as graph:
        found = products.links(graph, file)
    output.rows(found, format, of=products.LinkRow, notes=found.notes)


def members(
    name: Annotated[
        str,
        typer.Argument(
            metavar="NAME", help="Association file, or a product made with it.", autocompletion=complete.names
        ),
    ],
    format: FormatOption = None,
) -> None:
    """List the members of an association and their roles.

    Example: `jwgraph members jw02221-o001_20220828t044842_image3_007_asn.json`
    """
    from jwgraph.answers import associations

    with output.open_graph() as graph:
        found = associations.members(graph, name)
    output.rows(found, format, of=associations.MemberRow, notes=found.notes)


def name(
    files: Annotated[
        list[str], typer.Argument(metavar="FILE", help="File names; - reads them from standard input, one per line.")
    ],
    format: FormatOption = None,
) -> None:
    """Explain file names: kind, dataset, suffix and processing level. Needs no server.

    Example: `jwgraph name jw02221001001_03101_00001_nrca1_cal.fits`
    """
    from jwgraph.answers.names import NameRow, explain

    output.rows((explain(file) for file in _each(files)), format, of=NameRow)


def _each(files: Iterable[str]) -> Iterator[str]:
    for file in files:
        if file == "-":
            # Names can contain any byte; bytes that are not UTF-8 are kept and shown as escapes.
            sys.stdin.reconfigure(errors="surrogateescape")  # type: ignore[union-attr]
            yield from (line.rstrip("\r\n") for line in sys.stdin if line.strip())
        else:
            yield file
