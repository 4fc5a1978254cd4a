"""Who reads the files of a load: this process, others of this machine, or Dask's workers."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import AbstractContextManager, contextmanager
from typing import TYPE_CHECKING, NamedTuple

from jwgraph.errors import UsageError

if TYPE_CHECKING:
    from jwgraph_loaders.find.read import SourceReport
    from jwgraph_loaders.spread.executors import Executor
    from jwgraph_loaders.spread.spread import Spread

Show = Callable[[str], None]
Reader = Callable[[Show], AbstractContextManager["Spread"]]


class Ways(NamedTuple):
    """The options about who reads."""

    processes: int | None
    dask: str | None
    parts: str | None


def reader(paths: list[str], ways: Ways, on_source: Callable[[SourceReport], None]) -> Reader:
    """Return what reads the paths, once the store is open, and says what it does.

    Raises
    ------
    UsageError
        A path does not exist, or the options do not go together; before anything is read.
    """
    from jwgraph_loaders.find.read import read_all
    from jwgraph_loaders.spread.spread import Spread, pieces, spread

    _check(ways)
    if ways.processes is None and ways.dask is None:
        here = Spread(*read_all(paths, on_source=on_source))

        @contextmanager
        def read(_show: Show) -> Iterator[Spread]:
            yield here

        return read
    found = pieces(paths)

    @contextmanager
    def read_by_others(show: Show) -> Iterator[Spread]:
        with spread(found, _executor(ways, show), ways.parts, on_source=on_source, progress=show) as made:
            yield made

    return read_by_others


def _check(ways: Ways) -> None:
    from jwgraph_loaders.spread.executors import LOCAL

    if ways.dask is None:
        if ways.parts is not None and ways.processes is None:
            raise UsageError("--parts is for files that other processes read: give --processes or --dask too.")
    elif ways.dask != LOCAL:
        if ways.processes is not None:
            raise UsageError("--processes is for this machine: the workers of a scheduler are those that it has.")
        if ways.parts is None:
            raise UsageError(
                "The workers of a scheduler hand over what they read in a place that all of them share: "
                "name it with --parts FOLDER_OR_URL."
            )


def _executor(ways: Ways, show: Show) -> AbstractContextManager[Executor]:
    from jwgraph_loaders.spread.executors import dask, processes

    if ways.dask is not None:
        return dask(ways.dask, ways.processes, show)
    assert ways.processes is not None
    return processes(ways.processes)
