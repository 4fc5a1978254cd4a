"""Progress bars of a download: one in sum, and one for each file that is being fetched."""

from __future__ import annotations

from collections.abc import Sequence
from types import TracebackType
from typing import Self

from rich.markup import escape
from rich.progress import BarColumn, DownloadColumn, Progress, TaskID, TextColumn, TimeRemainingColumn

from jwgraph.answers.downloads import Fetched, FetchState
from jwgraph.cli import output
from jwgraph.export.places import Place
from jwgraph.present.cells import count


class Bars:
    """Bars on standard error; a `Watch` of `jwgraph_loaders.mast.download`."""

    def __init__(self, places: Sequence[Place]) -> None:
        self._progress = Progress(
            TextColumn("{task.description}"),
            BarColumn(),
            DownloadColumn(),
            TimeRemainingColumn(),
            console=output.console(stderr=True),
            transient=True,
        )
        total = None if any(place.size is None for place in places) else sum(place.size or 0 for place in places)
        self._all = self._progress.add_task(count(len(places), "file"), total=total)
        self._tasks: dict[str, TaskID] = {}

    def __enter__(self) -> Self:
        self._progress.start()
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self._progress.stop()

    def start(self, place: Place, have: int) -> None:
        """Add the bar of a file."""
        self._tasks[place.name] = self._progress.add_task(escape(place.name), total=place.size, completed=have)
        self._progress.advance(self._all, have)

    def advance(self, place: Place, number: int) -> None:
        """Move the bar of a file, and the one in sum."""
        self._progress.advance(self._tasks[place.name], number)
        self._progress.advance(self._all, number)

    def end(self, place: Place, row: Fetched) -> None:
        """Remove the bar of a file."""
        task = self._tasks.pop(place.name, None)
        if task is not None:
            self._progress.remove_task(task)
        elif row.state == FetchState.KEPT:
            self._progress.advance(self._all, row.size or 0)
