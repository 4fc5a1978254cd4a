"""Explain what is missing and why, and what changed."""

from __future__ import annotations

from typing import TYPE_CHECKING, Annotated

import typer

from jwgraph.cli import complete, output
from jwgraph.cli.options import Asn, FormatOption, Panel, Program
from jwgraph.cli.selecting import given_names, selecting, which_names

if TYPE_CHECKING:
    from jwgraph.answers.choice import Choice

PANEL = Panel("Explain", ("missing", "why", "history", "diff", "stale", "events"))


@selecting
def missing(
    obs_ids: Annotated[
        list[str] | None,
        typer.Option(
            "--obs-id",
            help="Only products of this Observation, or made from its files; - reads Observations from standard input.",
            autocompletion=complete.observations,
        ),
    ] = None,
    level: Annotated[
        int | None, typer.Option(min=2, max=3, help="Only products of this level: 2 or 3.", show_default="both")
    ] = None,
    include_archived: Annotated[
        bool, typer.Option("--include-archived", help="Also list products that are archived.")
    ] = False,
    format: FormatOption = None,
    *,
    which: Choice,
) -> None:
    """List products that associations define and the archive does not have, with the reason and the evidence.

    Reasons: calibration program, engineering program, not executed yet, failed exposure, or unknown if nothing that is
    loaded explains it.

    Example: `jwgraph missing --program 2221`

    Example: `jwgraph missing --program 2221 --level 3 --instrument nircam`
    """
    from jwgraph.answers.missing import MissingRow, missing_of

    names = given_names(obs_ids)
    with output.open_graph() as graph:
        found = missing_of(graph, names, which, level=level, include_archived=include_archived)
    shown = ("product", "state", "reason", "evidence", "association")
    output.rows(found, format, of=MissingRow, table=shown, notes=found.notes)
    if not found and (level is not None or which.narrows()):
        output.note("Nothing of this is missing.")
    elif not found:
        output.note("Nothing is missing: every product that the loaded associations define is archived.")


@selecting
def why(
    names: Annotated[
        list[str] | None,
        typer.Argument(
            metavar="OBS_ID",
            help="Observations, or files of them; - reads them from standard input, one per line.",
            autocompletion=complete.names,
            show_default="those that the options select",
        ),
    ] = None,
    format: FormatOption = None,
    *,
    which: Choice,
) -> None:
    """Explain Observations: their level, what includes them, why they have no Level 3, and which files are recommended.

    Files are left out where options select the Observations.

    Example: `jwgraph why jw01200003001_03103_00001_nis`

    Example: `jwgraph why --program 1200 --no-level3`
    """
    from jwgraph.answers.why import WhyRow, why_of

    given = which_names(names, which)
    with output.open_graph() as graph:
        found = why_of(graph, given, which)
    output.rows(found, format, of=WhyRow, notes=found.notes)


def history(
    name: Annotated[
        str,
        typer.Argument(metavar="NAME", help="Association file, product or Observation.", autocompletion=complete.names),
    ],
    format: FormatOption = None,
) -> None:
    """List the versions of an association, newest first, and what superseded each.

    Example: `jwgraph history jw02221-o001_t001_nircam_clear-f187n`
    """
    from jwgraph.answers import associations, meant

    with output.open_graph() as graph:
        taken, found = meant.about(graph, name, meant.Wanted.EITHER, lambda name: associations.history(graph, name))
    notes = (*taken.notes("this is the history of"), *found.notes)
    output.rows(found, format, of=associations.HistoryRow, notes=notes)


def diff(before: Asn, after: Asn, format: FormatOption = None) -> None:
    """Compare two associations: members added, members removed, and changed roles.

    Example: `jwgraph diff jw02221-o001_20220828t044842_image2_002_asn.json
    jw02221-o001_20220828t044842_image2_010_asn.json`
    """
    from jwgraph.answers import associations

    with output.open_graph() as graph:
        found = associations.diff_of(graph, before, after)
    output.rows(found, format, of=associations.DiffRow, notes=found.notes)
    if not found:
        output.note("Both associations have the same members with the same roles.")


def stale(program: Program = None, format: FormatOption = None) -> None:
    """List files made by an association that is now superseded, or by older software than MAST's list gives.

    Example: `jwgraph stale --program 2221`
    """
    from jwgraph.answers import associations
    from jwgraph.names.identifiers import program_number

    with output.open_graph() as graph:
        found = associations.stale(graph, program=program_number(program))
    output.rows(found, format, of=associations.StaleRow, notes=found.notes)
    if not found:
        output.note("None: no file with a loaded header was made with a superseded association.")


def events(
    since: Annotated[str, typer.Option(help="Since a date (2026-11-01), or for the last 7d, 12h or 30m.")] = "7d",
    program: Program = None,
    format: FormatOption = None,
) -> None:
    """List what recent loads found: programs loaded first, files new, reprocessed, public, withdrawn or superseded.

    Example: `jwgraph events --since 7d --format jsonl`
    """
    from jwgraph.answers.events import EventRow
    from jwgraph.answers.events import events as find_events
    from jwgraph.answers.events import moment as find_moment
    from jwgraph.names.identifiers import program_number

    moment = find_moment(since)
    with output.open_graph() as graph:
        found = find_events(graph, since=moment, program=program_number(program))
    output.rows(found, format, of=EventRow, notes=found.notes)
    if not found:
        output.note("None: the loads in that time reported no event.")
