"""Download the files of Observations from MAST."""

from __future__ import annotations

import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from jwgraph.cli import output
from jwgraph.cli.options import FormatOption, From, Panel, as_option, filtered
from jwgraph.cli.selecting import ObsIds, selecting, which_names
from jwgraph.errors import EXIT_INTERRUPTED, EXIT_REJECTS
from jwgraph.model.vocabulary import Selection

if TYPE_CHECKING:
    from jwgraph.answers.choice import Choice
    from jwgraph.answers.filters import Filter
    from jwgraph.answers.selection import Wish
    from jwgraph.export.places import Place
    from jwgraph_loaders.mast.download import Watch

PANEL = Panel("Download", ("download",))


@filtered
@selecting
def download(
    obs_ids: ObsIds = None,
    folder: Annotated[
        Path,
        typer.Option("--output", "-o", metavar="FOLDER", help="Folder to download into.", show_default="this folder"),
    ] = Path(),
    select: Annotated[Selection, typer.Option(help="Files to download.")] = Selection.MRP,
    begin: From = None,
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

    Example: `jwgraph download jw02221-o001_t001_nircam_clear-f187n --select inputs --from rate --output data`
    """
    from jwgraph.answers.downloads import DownloadRow, FetchState, summary
    from jwgraph.answers.selection import Wish
    from jwgraph_loaders.mast.download import download as fetch

    places = _places(obs_ids, which, Wish(select, begin, chosen))
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


def _places(obs_ids: list[str] | None, which: Choice, wish: Wish) -> list[Place]:
    """Return the files to fetch.

    Raises
    ------
    NotFoundError
        There is no file that MAST has.
    """
    from jwgraph.answers.selection import files
    from jwgraph.export.places import to_fetch, why_left

    with output.open_graph() as graph:
        found = files(graph, which_names(obs_ids, which), which, wish)
    output.remarks(found.notes)
    if nothing := found.why_nothing(as_option):
        output.note(nothing)
    wanted, left = to_fetch(found)
    if left:
        output.note(why_left(left))
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
