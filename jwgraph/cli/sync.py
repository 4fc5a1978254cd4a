"""Bring the store up to date with MAST."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Literal

import typer

from jwgraph.cli import output
from jwgraph.cli.loading import say, spare_inputs, step, written
from jwgraph.cli.options import FormatOption, Panel
from jwgraph.errors import EXIT_INTERRUPTED, EXIT_REJECTS
from jwgraph.settings import cache

if TYPE_CHECKING:
    from jwgraph.model.records import Problem
    from jwgraph_loaders.mast.live import Query, Wishes
    from jwgraph_loaders.mast.sync import Change, Outcome

PANEL = Panel("Archive", ("sync",))

AGAIN = "run the same command within a day to fetch only what is missing"


def sync(
    program: Annotated[list[str] | None, typer.Option(help="Program, such as 2221.")] = None,
    obs_id: Annotated[
        list[str] | None, typer.Option("--obs-id", help="Observation (obs_id); one * matches any text.")
    ] = None,
    target: Annotated[list[str] | None, typer.Option(help="Target name as in MAST; one * matches any text.")] = None,
    observed_since: Annotated[
        list[str] | None, typer.Option(help="Observed on or after this date, such as 2026-11-01.")
    ] = None,
    associations: Annotated[
        Literal["all", "3", "none"],
        typer.Option(help="Read all associations, those of Stage 3, or none; pools are read with any."),
    ] = "all",
    keywords: Annotated[
        bool, typer.Option("--keywords", help="Read keywords too (CAL_VER, CRDS_CTX, EXP_TYPE, ASNTABLE, times).")
    ] = False,
    rejects: Annotated[Path | None, typer.Option(help="Write every rejected row to this file, as JSON lines.")] = None,
    report: Annotated[
        Path | None, typer.Option(help="Write every file that changed to this file, as JSON lines.")
    ] = None,
    workers: Annotated[
        int | None,
        typer.Option(
            min=1, max=32, help="Number of parallel write sessions.", show_default="half the processors; to derive, all"
        ),
    ] = None,
    batch_size: Annotated[int, typer.Option(min=1, max=100_000, help="Rows per transaction.")] = 2000,
    format: FormatOption = None,
) -> None:
    """Load from MAST what is new or changed: Observations, product lists, associations and pools.

    Criteria of several kinds must all match; one that is given several times may match in any of its values. The search
    and the product lists are requested each time, the content of an association once. The summary ends with what
    changed since the last time.

    Example: `jwgraph sync --program 2221` (set MAST_API_TOKEN for proprietary data)

    Example: `jwgraph sync --program 2221 --program 2733 --keywords --report changes.jsonl`
    """
    from jwgraph_loaders.mast.query import queries as find_queries

    queries = find_queries(program or (), obs_id or (), target or (), observed_since or ())
    spare_inputs([], {"--rejects": rejects, "--report": report})
    try:
        with written("--rejects", rejects) as on_problem, written("--report", report) as on_change:
            wishes = _wishes(associations, keywords=keywords)
            done = _sync(queries, wishes, on_problem, on_change if report else None, (workers, batch_size))
    except KeyboardInterrupt:
        output.error(f"Interrupted: {AGAIN}.")
        raise typer.Exit(EXIT_INTERRUPTED) from None
    say(done.report, format, rejects, done.changes)
    if not done.complete:
        output.note(f"MAST did not return everything: {AGAIN}.")
    if done.report.rejected:
        raise typer.Exit(EXIT_REJECTS)


def _wishes(associations: str, *, keywords: bool) -> Wishes:
    from jwgraph_loaders.mast.live import Associations, Wishes

    return Wishes(Associations(associations), keywords)


def _sync(
    queries: Sequence[Query],
    wishes: Wishes,
    on_problem: Callable[[Problem], None],
    on_change: Callable[[Change], None] | None,
    sizes: tuple[int | None, int],
) -> Outcome:
    from jwgraph_loaders.mast.sync import Writing
    from jwgraph_loaders.mast.sync import sync as synchronise

    with output.open_graph() as graph, output.progress() as show:

        def progress(what: str, count: int) -> None:
            # While MAST answers, its own progress is shown.
            if not count:
                show(step(what))

        return synchronise(
            graph,
            queries,
            cache=cache() / "mast",
            wishes=wishes,
            progress=show,
            on_change=on_change,
            writing=Writing(*sizes, progress, on_problem),
        )
