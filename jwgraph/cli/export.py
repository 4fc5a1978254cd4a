"""Export files of Observations for other programs."""

from __future__ import annotations

import sys
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from jwgraph.cli import output
from jwgraph.cli.options import Force, From, ObsId, Panel, as_option, filtered
from jwgraph.cli.selecting import ObsIds, selecting, which_names
from jwgraph.errors import RefusedError, UsageError
from jwgraph.export.forms import Form
from jwgraph.figure.shapes import Style
from jwgraph.model.vocabulary import Selection

if TYPE_CHECKING:
    from jwgraph.answers.choice import Choice
    from jwgraph.answers.filters import Filter

PANEL = Panel("Export", ("export", "figure"))


@filtered
@selecting
def export(
    form: Annotated[Form, typer.Option("--format", "-f", help="Output format.", show_default=False)],
    obs_ids: ObsIds = None,
    select: Annotated[
        Selection | None,
        typer.Option(help="Files to export.", show_default="mrp; lineage for prov and dot"),
    ] = None,
    begin: From = None,
    to: Annotated[
        Path | None,
        typer.Option("--output", "-o", metavar="FILE", help="Write to this file.", show_default="standard output"),
    ] = None,
    force: Force = False,
    *,
    which: Choice,
    chosen: Filter,
) -> None:
    """Export the files of Observations: download script, manifest, table, DataLink, PROV or graph drawing.

    Example: `jwgraph export jw02221-o001_t001_nircam_clear-f187n --format curl --output fetch.sh`

    With `--select inputs` the curl script also writes `reduce.sh`, which makes the product again with the JWST
    pipeline, and lists of the reference files, `crds_CONTEXT.txt`.

    Example: `jwgraph export jw02221-o001_t001_nircam_clear-f187n --select tree --format ecsv`

    Example: `jwgraph export jw02221-o001_t001_nircam_clear-f187n --select inputs --from rate --format curl`

    Example: `jwgraph export --program 2221 --filter F187N --format curl --output fetch.sh`
    """
    from jwgraph.export import exports
    from jwgraph.export.places import why_left
    from jwgraph.export.write import to_file

    wanted = exports.wish(form, select, begin, chosen)
    if to is not None and to.exists() and not force:
        raise RefusedError(f"{to} already exists: use --force to overwrite it.")
    with output.open_graph() as graph:
        made = exports.export(graph, which_names(obs_ids, which), which, form, wanted)
    if made.files is not None and (nothing := made.files.why_nothing(as_option)):
        output.note(nothing)
    output.remarks(made.notes)
    if made.left:
        output.note(why_left(made.left))
    to_file(made.text, to, executable=form is Form.CURL)


def figure(
    obs_id: ObsId,
    style: Annotated[
        Style,
        typer.Option(
            help="What is associated, linked and neither (relations), or the way through the stages (stages)."
        ),
    ] = Style.RELATIONS,
    mrp: Annotated[
        bool | None,
        typer.Option(
            "--mrp/--no-mrp",
            help="In the tree, only the Minimum Recommended Products, or all products.",
            show_default="--mrp for relations, --no-mrp for stages",
        ),
    ] = None,
    to: Annotated[
        Path | None,
        typer.Option(
            "--output",
            "-o",
            metavar="FILE",
            help="Write to this file: .svg, or with the extra figure .png or .pdf.",
            show_default="SVG on standard output",
        ),
    ] = None,
    force: Force = False,
) -> None:
    """Draw an Observation, as on the archive's page Linkages in the Portal: its relations, or its stages.

    Example: `jwgraph figure jw02221-o001_t001_nircam_clear-f187n -o relations.svg`

    Example: `jwgraph figure jw02221-o001_t001_nircam_clear-f187n --style stages -o stages.pdf`
    """
    from jwgraph.answers import meant
    from jwgraph.export.write import bytes_to_file
    from jwgraph.figure.made import figure as draw
    from jwgraph.figure.made import form_of

    if to is None and sys.stdout.isatty():
        raise UsageError("Give a file for the figure, such as -o figure.svg, .png or .pdf, or pipe the SVG.")
    form = form_of(to)
    if to is not None and to.exists() and not force:
        raise RefusedError(f"{to} already exists: use --force to overwrite it.")
    with output.open_graph() as graph:
        taken, made = meant.about(
            graph, obs_id, meant.Wanted.OBSERVATION, lambda name: draw(graph, name, style=style, mrp=mrp)
        )
    bytes_to_file([made.data(form)], to)
    output.remarks((*taken.notes("this is the figure of"), *made.notes))
