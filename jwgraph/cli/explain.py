"""What is not there, and why: missing, why."""

from __future__ import annotations

from typing import Annotated

import typer

from jwgraph.cli import complete, output
from jwgraph.cli.output import Format, FormatOption


def register(app: typer.Typer) -> None:
    """Add the commands of this module."""
    for command in (missing, why):
        app.command(rich_help_panel="Explain")(command)


def missing(
    program: Annotated[str | None, typer.Option(help="Only this program, such as 2733.")] = None,
    obs_id: Annotated[
        str | None,
        typer.Option(
            "--obs-id", help="Only this Observation, or what it is part of.", autocompletion=complete.observations
        ),
    ] = None,
    every: Annotated[bool, typer.Option("--all", "-a", help="What is there, too.")] = False,
    format: FormatOption = None,
) -> None:
    """List what associations promise and the archive lacks, with the reason and its evidence.

    The reasons: calibration program, engineering program, not executed yet, failed exposure; unknown where nothing
    tells.

    Example: `jwgraph missing --program 2733`
    """
    from jwgraph.answers.missing import MissingRow
    from jwgraph.answers.missing import missing as find_missing
    from jwgraph.errors import UsageError
    from jwgraph.names.identifiers import program_number

    if program and obs_id:
        raise UsageError("Give --program or --obs-id, not both: an Observation is of one program.")
    with output.open_graph() as graph:
        found = find_missing(graph, program=program_number(program), obs_id=obs_id, every=every)
    if output.pick(format) is Format.TABLE:
        shown = ("product", "state", "reason", "evidence", "association")
        output.rows([{c: getattr(row, c) for c in shown} for row in found], format, columns=shown)
    else:
        output.rows(found, format, of=MissingRow)
    if not found:
        output.note("Nothing is missing: every product that an association promises is there.")


def why(
    name: Annotated[
        str, typer.Argument(metavar="OBS_ID", help="Observation, or a file of one.", autocompletion=complete.names)
    ],
    format: FormatOption = None,
) -> None:
    """Explain an Observation: its level, what includes it, why Level 3 is absent, which files are recommended and why.

    Example: `jwgraph why jw02733-o001_t001_nircam_clear-f090w`
    """
    from jwgraph.answers.why import WhyRow
    from jwgraph.answers.why import why as find_why

    with output.open_graph() as graph:
        found = find_why(graph, name)
    output.rows(found, format, of=WhyRow)
