"""What changed: history, diff, stale, events."""

from __future__ import annotations

from typing import Annotated

import typer

from jwgraph.cli import complete, output
from jwgraph.cli.output import FormatOption

Asn = Annotated[str, typer.Argument(metavar="ASN", help="Association file.", autocompletion=complete.files)]
Program = Annotated[str | None, typer.Option(help="Only this program, such as 2733.")]


def register(app: typer.Typer) -> None:
    """Add the commands of this module."""
    for command in (history, diff, stale, events):
        app.command(rich_help_panel="Explain")(command)


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
