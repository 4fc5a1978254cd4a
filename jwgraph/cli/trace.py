"""Calibration and time: references, impact, engineering."""

from __future__ import annotations

from typing import Annotated

import typer

from jwgraph.cli import complete, output
from jwgraph.cli.look import ObsId
from jwgraph.cli.output import FormatOption


def register(app: typer.Typer) -> None:
    """Add the commands of this module."""
    for command in (references, impact, path, engineering):
        app.command(rich_help_panel="Explain")(command)


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
