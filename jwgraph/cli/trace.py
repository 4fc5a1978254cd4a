"""What a product was made of, and what was made of it: lineage, impact, path, references, engineering."""

from __future__ import annotations

from typing import Annotated

import typer

from jwgraph.cli import complete, output
from jwgraph.cli.options import File, FormatOption, ObsId
from jwgraph.cli.output import Format


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
    """List what a reference file, a file or an exposure went into: products, then Observations, all the way.

    Example: `jwgraph impact crds://jwst_niriss_flat_0277.fits`
    """
    from jwgraph.answers import lineage

    with output.open_graph() as graph:
        found = lineage.measured_impact(graph, name)
    output.rows(found.rows, format, of=lineage.ImpactRow)
    products = [row for row in found.rows if row.productFilename]
    recommended = sum(1 for row in products if row.mrp)
    output.note(
        f"{len(products)} products, {output.size(found.size)} ({recommended} recommended, "
        f"{output.size(found.recommended_size)}) in {len(found.rows) - len(products)} Observations."
    )


def path(
    start: Annotated[str, typer.Argument(metavar="A", help="File or Observation.", autocompletion=complete.names)],
    end: Annotated[str, typer.Argument(metavar="B", help="File or Observation.", autocompletion=complete.names)],
    format: FormatOption = None,
) -> None:
    """Show how two files or Observations are related: the shortest way from one to the other.

    Example: `jwgraph path jw02733-o001_t001_nircam_clear-f090w_i2d.fits jw02733001001_02101_00001_nrca1_uncal.fits`
    """
    from jwgraph.answers import paths

    with output.open_graph() as graph:
        found = paths.path(graph, start, end)
    output.rows(found, format, of=paths.StepRow)
    if not found:
        output.note("No relation between them is known.")


def references(
    name: Annotated[
        str, typer.Argument(metavar="OBS_ID|FILE", help="Observation, or a file.", autocompletion=complete.names)
    ],
    format: FormatOption = None,
) -> None:
    """List the calibration reference files that were applied, by keyword, with the CRDS context.

    Example: `jwgraph references jw01093012001_03102_00001_nis_cal.fits`
    """
    from jwgraph.answers import calibration

    with output.open_graph() as graph:
        found = calibration.references(graph, name)
    output.rows(found, format, of=calibration.ReferenceRow)
    if not found:
        output.note("No reference file is known: headers tell them, `jwgraph load FOLDER` reads headers.")


def engineering(obs_id: ObsId, format: FormatOption = None) -> None:
    """List the engineering data that overlaps the exposures of an Observation in time.

    Example: `jwgraph engineering jw01093012001_03102_00001_nis`
    """
    from jwgraph.answers import calibration

    with output.open_graph() as graph:
        found = calibration.engineering(graph, obs_id)
    output.rows(found, format, of=calibration.EngineeringRow)
    if not found:
        output.note("No engineering data of that time is known, or no header tells the time of the exposures.")
