"""What is not there and why, and what changed: missing, why, history, diff, stale, events."""

from __future__ import annotations

from typing import Annotated

import typer

from jwgraph.cli import complete, output
from jwgraph.cli.options import Asn, FormatOption, Program
from jwgraph.cli.output import Format


def missing(
    program: Program = None,
    obs_id: Annotated[
        str | None,
        typer.Option(
            "--obs-id", help="Only this Observation, or what it is part of.", autocompletion=complete.observations
        ),
    ] = None,
    include_archived: Annotated[
        bool, typer.Option("--include-archived", help="Also the products that are archived.")
    ] = False,
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
        found = find_missing(graph, program=program_number(program), obs_id=obs_id, every=include_archived)
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


def history(
    name: Annotated[
        str,
        typer.Argument(
            metavar="NAME", help="Association file, product, or Observation.", autocompletion=complete.names
        ),
    ],
    format: FormatOption = None,
) -> None:
    """List the versions of an association, the newest first, and what superseded each.

    Example: `jwgraph history jw02733-o001_t001_nircam_clear-f090w`
    """
    from jwgraph.answers import associations

    with output.open_graph() as graph:
        found = associations.history(graph, name)
    output.rows(found, format, of=associations.HistoryRow)


def diff(before: Asn, after: Asn, format: FormatOption = None) -> None:
    """Compare two associations: members that came in, went out, or changed their role.

    Example: `jwgraph diff jw02733-o001_20220710t161010_image3_001_asn.json
    jw02733-o001_20230710t161010_image3_00001_asn.json`
    """
    from jwgraph.answers import associations

    with output.open_graph() as graph:
        found = associations.diff(graph, before, after)
    output.rows(found, format, of=associations.DiffRow)
    if not found:
        output.note("The same members in the same roles.")


def stale(program: Program = None, format: FormatOption = None) -> None:
    """List files made by an association that another has superseded since, as their headers say.

    Example: `jwgraph stale --program 1093`
    """
    from jwgraph.answers import associations
    from jwgraph.names.identifiers import program_number

    with output.open_graph() as graph:
        found = associations.stale(graph, program=program_number(program))
    output.rows(found, format, of=associations.StaleRow)


def events(
    since: Annotated[str, typer.Option(help="A date (2026-11-01), or 7d, 12h, 30m ago.")] = "7d",
    program: Program = None,
    format: FormatOption = None,
) -> None:
    """List what loads made known since a time: files that are new, were reprocessed, or became public.

    Example: `jwgraph events --since 7d --format jsonl`
    """
    from jwgraph.answers.events import EventRow
    from jwgraph.answers.events import events as find_events
    from jwgraph.answers.events import moment as find_moment
    from jwgraph.names.identifiers import program_number

    moment = find_moment(since)
    with output.open_graph() as graph:
        found = find_events(graph, since=moment, program=program_number(program))
    output.rows(found, format, of=EventRow)
