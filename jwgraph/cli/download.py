"""Download the files of Observations from MAST."""

from __future__ import annotations

import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from jwgraph.cli import output
from jwgraph.cli.options import FormatOption, Panel, filtered, why_nothing
from jwgraph.cli.selecting import ObsIds, ask_each, selecting
from jwgraph.errors import EXIT_REJECTS, NotFoundError
from jwgraph.model.vocabulary import Selection
from jwgraph.present.cells import count

if TYPE_CHECKING:
    from jwgraph.answers.choice import Choice
    from jwgraph.answers.filters import Filter
    from jwgraph.export.places import Place
    from jwgraph_loaders.mast.download import Watch

PANEL = Panel("Download", ("download",))

# As of a command that SIGINT ends.
EXIT_INTERRUPTED = 130


@filtered
@selecting
def download(
    obs_ids: ObsIds = None,
    folder: Annotated[
        Path,
        typer.Option("--output", "-o", metavar="FOLDER", help="Folder to download into.", show_default="this folder"),
    ] = Path(),
    select: Annotated[Selection, typer.Option(help="Files to download.")] = Selection.MRP,
    connections: Annotated[int, typer.Option(min=1, max=16, help="Number of files to fetch at once.")] = 4,
    format: FormatOption = None,
    *,
    which: Choice,
    chosen: Filter,
) -> None:
    """Download the files of Observations from MAST; run the same command again to go on after an interruption.

    Files that are there with the right size are kept. Set MAST_API_TOKEN for proprietary data. If a file cannot be
    fetched, the others are, and the exit code is 6.

    Example: `jwgraph download jw02221-o001_t001_nircam_clear-f187n --output data`

    Example: `jwgraph download jw02221-o001_t001_nircam_clear-f187n --select tree --suffix cal`

    Example: `jwgraph download --program 2221 --filter F187N --output data`
    """
    from jwgraph.answers.downloads import DownloadRow, FetchState, summary
    from jwgraph_loaders.mast.download import download as fetch

    places = _places(obs_ids, which, select, chosen)
    try:
        with _watch(places) as watch:
            done = fetch(places, folder, connections=connections, watch=watch)
    except KeyboardInterrupt:
        output.error("Stopped: what is there stays; run the same command again to go on.")
        raise typer.Exit(EXIT_INTERRUPTED) from None
    for row in done:
        if row.state == FetchState.FAILED:
            output.error(f"{row.productFilename}: {row.reason}")
    output.rows(summary(done), format, of=DownloadRow)
    if any(row.state == FetchState.FAILED for row in done):
        raise typer.Exit(EXIT_REJECTS)


def _places(obs_ids: list[str] | None, which: Choice, select: Selection, chosen: Filter) -> list[Place]:
    """Return the files to fetch.

    Raises
    ------
    NotFoundError
        There is no file that MAST has.
    """
    from jwgraph.answers import selection
    from jwgraph.export import places

    with output.open_graph() as graph:
        names, said, found = ask_each(
            graph,
            obs_ids,
            which,
            lambda names: selection.select(graph, names, select),
            this="these are the files of",
        )
    output.remarks(said)
    rows = chosen.apply(found)
    if found and not rows:
        output.note(why_nothing(chosen, found))
        return []
    wanted, left = places.places(rows)
    if not wanted:
        more = f" and {count(len(names) - 1, 'other Observation')}" if names[1:] else ""
        raise NotFoundError(
            f"No file of {names[0]}{more} that MAST has is known with --select {select}: "
            f"load the product list: `jwgraph sync --obs-id {names[0]}`."
        )
    if left:
        output.note(places.why_skipped(left))
    return wanted


@contextmanager
def _watch(places: list[Place]) -> Iterator[Watch | None]:
    """Show progress bars on a terminal, unless quiet."""
    if output.is_quiet() or not sys.stderr.isatty():
        yield None
        return
    from jwgraph.cli.terminal_bars import Bars

    with Bars(places) as bars:
        yield bars
