"""Trace products to what they were made from, and to what was made from them."""

from __future__ import annotations

from typing import Annotated

import typer

from jwgraph.cli import complete, output
from jwgraph.cli.options import File, FormatOption, ObsId, Panel
from jwgraph.cli.output import Format
from jwgraph.model.vocabulary import Basis
from jwgraph.present.cells import count, total_size

PANEL = Panel("Trace", ("lineage", "impact", "path", "references", "engineering"))


def lineage(
    file: File,
    up: Annotated[bool, typer.Option("--up/--down", help="What it was made from, or what was made from it.")] = True,
    role: Annotated[
        list[str] | None, typer.Option(help="Only files with this role (exptype), such as background.")
    ] = None,
    format: FormatOption = None,
) -> None:
    """List everything that a product was made from, or with `--down` everything made from it.

    Example: `jwgraph lineage jw02221-o001_t001_nircam_clear-f187n_i2d.fits --up --role background`
    """
    from jwgraph.answers import meant
    from jwgraph.answers.lineage import LineageRow
    from jwgraph.answers.lineage import lineage as find_lineage

    with output.open_graph() as graph:
        taken, found = meant.about(
            graph, file, meant.Wanted.FILE, lambda name: find_lineage(graph, name, up=up, roles=role or ())
        )
    notes = (*taken.notes("this is the lineage of"), *found.notes)
    if output.pick(format) is Format.TABLE:
        from jwgraph.cli.terminal_tree import show_lineage

        show_lineage(taken.name, found, up=up)
        output.remarks(notes)
    else:
        output.rows(found, format, of=LineageRow, notes=notes)
    if not found and not role:
        output.note(f"No known product {'went into' if up else 'was made from'} {taken.name}.")


def impact(
    name: Annotated[
        str,
        typer.Argument(
            metavar="REFERENCE|FILE|OBS_ID",
            help="Reference file (crds://…), file or Observation.",
            autocompletion=complete.names,
        ),
    ],
    format: FormatOption = None,
) -> None:
    """List all products and Observations that a reference file, a file or an exposure went into.

    Example: `jwgraph impact crds://jwst_nircam_flat_0313.fits`
    """
    from jwgraph.answers import lineage, meant

    with output.open_graph() as graph:
        taken, found = meant.about(graph, name, meant.Wanted.EITHER, lambda name: lineage.measured_impact(graph, name))
    notes = (*taken.notes("this is the impact of"), *found.rows.notes)
    output.rows(found.rows, format, of=lineage.ImpactRow, notes=notes)
    made = [row for row in found.rows if row.basis == Basis.LINEAGE]
    products = [row for row in made if row.productFilename]
    output.note(
        f"{count(len(products), 'product')}{_sum(found.sizes)} "
        f"({len(found.recommended_sizes)} recommended{_sum(found.recommended_sizes)}), "
        f"in {count(len(made) - len(products), 'Observation')}."
    )
    listed = [str(row.obs_id) for row in found.rows if row.basis == Basis.MAST and not row.productFilename]
    if listed:
        output.note(f"MAST lists it under {listed[0]}{_others(len(listed) - 1)} too: what was made there is not known.")


def _sum(sizes: list[int | None]) -> str:
    """Return the sum of sizes after a comma: nothing for no file, and not 0 bytes where no size is known."""
    return f", {total_size(sizes) or 'size not known'}" if sizes else ""


def _others(number: int) -> str:
    return f" and {count(number, 'other Observation')}" if number else ""


def path(
    start: Annotated[str, typer.Argument(metavar="A", help="File or Observation.", autocompletion=complete.names)],
    end: Annotated[str, typer.Argument(metavar="B", help="File or Observation.", autocompletion=complete.names)],
    format: FormatOption = None,
) -> None:
    """Show how two files or Observations are related: the shortest chain of relations between them.

    Example: `jwgraph path jw02221-o001_t001_nircam_clear-f187n_i2d.fits jw02221001001_03101_00001_nrca1_uncal.fits`
    """
    from jwgraph.answers import paths

    with output.open_graph() as graph:
        first, last, found = paths.path_of(graph, start, end)
    notes = [*first.notes("the path begins at"), *last.notes("the path ends at"), *found.notes]
    output.rows(found, format, of=paths.StepRow, notes=notes)
    if not found:
        output.note(f"No relation between {first.name} and {last.name} is known.")


def references(
    name: Annotated[
        str, typer.Argument(metavar="OBS_ID|FILE", help="Observation or file.", autocompletion=complete.names)
    ],
    format: FormatOption = None,
) -> None:
    """List the calibration reference files (CRDS) that were applied, with their keyword and context.

    Example: `jwgraph references jw02221001001_03101_00001_nrca1_cal.fits`
    """
    from jwgraph.answers import calibration, meant

    with output.open_graph() as graph:
        taken, found = meant.about(graph, name, meant.Wanted.EITHER, lambda name: calibration.references(graph, name))
    notes = (*taken.notes("these are the references of"), *found.notes)
    output.rows(found, format, of=calibration.ReferenceRow, notes=notes)
    if not found:
        output.note(f"None: the loaded headers of {taken.name} name no reference file.")


def engineering(obs_id: ObsId, format: FormatOption = None) -> None:
    """List engineering data recorded during the exposures of an Observation.

    Example: `jwgraph engineering jw02221-o001_t001_nircam_clear-f187n`
    """
    from jwgraph.answers import calibration, meant

    with output.open_graph() as graph:
        taken, found = meant.about(
            graph, obs_id, meant.Wanted.OBSERVATION, lambda name: calibration.engineering(graph, name)
        )
    notes = (*taken.notes("this is the engineering data of"), *found.notes)
    output.rows(found, format, of=calibration.EngineeringRow, notes=notes)
    if not found:
        output.note("None: the loaded engineering data is of other times.")
