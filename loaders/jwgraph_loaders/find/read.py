"""Read records from paths: walk, detect and read, in worker processes if there are many slow files."""

from __future__ import annotations

import multiprocessing
import os
import signal
import threading
from collections import Counter
from collections.abc import Callable, Iterator, Sequence
from concurrent.futures import FIRST_COMPLETED, BrokenExecutor, CancelledError, Future, ProcessPoolExecutor, wait
from dataclasses import dataclass
from multiprocessing.connection import wait as wait_for

from jwgraph.model.records import Problem as Reject
from jwgraph.model.records import ProductRecord, Record
from jwgraph.names.grammar import PREVIEW_EXTENSIONS, parse
from jwgraph_loaders.base import Loader, Source
from jwgraph_loaders.find.detect import detect
from jwgraph_loaders.find.walk import sources

POOL_FROM = 1000
"""Number of sources read in the main process before workers are started.

Reading a header takes about a millisecond, starting a worker a second (it imports astropy). On two shared cores, two
workers doubled the time for 1,000 small files and saved a quarter of the time for 6,000.
"""

BATCH = 16
PROCESSES = 4


@dataclass(frozen=True, slots=True)
class Account:
    """Result of reading one source.

    Attributes
    ----------
    source
        A path, `archive.tar.gz!member`, or `<stdin>`.
    loader
        Name of the loader that read it; None if the whole source is rejected.
    records
        Number of records read.
    rejects
        Number of rejects, including warnings.
    reason
        For a source without records: why it is rejected, or the reason of its first reject.
    """

    source: str
    loader: str | None
    records: int
    rejects: int
    reason: str | None = None


FILES = "files"
"""Name in the accounts for files that are identified by name alone: previews and catalogues."""

BY_NAME = PREVIEW_EXTENSIONS | {"ecsv"}

Found = Record | Reject
Task = tuple[Loader, Source]
OnSource = Callable[[Account], None]


def read_all(
    paths: Sequence[str], *, processes: int | None = None, on_source: OnSource = lambda _account: None
) -> tuple[Iterator[Found], Counter[str]]:
    """Read every source under the paths, lazily.

    Records come in the order of the sources, except that records from workers come as soon as they are ready.

    Parameters
    ----------
    paths
        Files, folders, archives, or `-` for standard input.
    processes
        Maximum number of worker processes for sources whose loader is `parallel`; no workers below 2. Defaults to the
        number of processors, at most 4.
    on_source
        Called with the account of each source after it is read.

    Raises
    ------
    UsageError
        A path does not exist.

    Returns
    -------
    records
        Records, and a Reject for each invalid source or row.
    counts
        Number of sources by loader; filled while the records are consumed.
    """
    counts: Counter[str] = Counter()
    workers = _Workers(min(os.cpu_count() or 1, PROCESSES) if processes is None else processes)
    # Report a missing path immediately, before connecting to any server.
    found = sources(paths)

    def records() -> Iterator[Found]:
        try:
            for each in _everything(found, workers, counts):
                if isinstance(each, Account):
                    on_source(each)
                else:
                    yield each
        finally:
            workers.stop()

    return records(), counts


def _everything(found: Iterator[Source | Reject], workers: _Workers, counts: Counter[str]) -> Iterator[Found | Account]:
    for source in found:
        loader = source if isinstance(source, Reject) else detect(source)
        if isinstance(loader, Reject) and isinstance(source, Source) and (here := _named(source)):
            counts[FILES] += 1
            yield here
            yield Account(source.name, FILES, 1, 0)
        elif isinstance(loader, Reject):
            counts["rejected"] += 1
            yield loader
            yield Account(loader.source, None, 0, 1, loader.reason)
        elif isinstance(source, Source):
            counts[loader.name] += 1
            yield from workers.read(loader, source)
    yield from workers.rest()


def _named(source: Source) -> ProductRecord | None:
    """Return the record of a file that no loader reads but whose name shows that it is an archive file."""
    name = parse(source.filename)
    by_name = name.recognised and name.extension in BY_NAME
    return ProductRecord(name.filename, seen=True) if source.head and by_name else None


class _Workers:
    """Read sources in this process or in workers; limit pending batches, and read them here if a worker dies."""

    def __init__(self, processes: int) -> None:
        self._processes = processes
        self._seen = 0
        self._pool: ProcessPoolExecutor | None = None
        self._waiting: list[Task] = []
        self._flying: dict[Future[list[Found | Account]], list[Task]] = {}

    def read(self, loader: Loader, source: Source) -> Iterator[Found | Account]:
        """Yield the records that are ready; those of this source may follow later."""
        if not self._takes(loader, source):
            yield from _one(loader, source)
            return
        self._waiting.append((loader, source))
        if len(self._waiting) >= BATCH:
            yield from self._done(0)
            yield from self._send()

    def rest(self) -> Iterator[Found | Account]:
        """Yield the records of all remaining sources."""
        yield from self._send()
        while self._flying:
            yield from self._done(None)

    def stop(self) -> None:
        """Cancel pending batches and stop the workers."""
        if self._pool is not None:
            self._pool.shutdown(cancel_futures=True)
            self._pool = None

    def _takes(self, loader: Loader, source: Source) -> bool:
        """Return whether workers should read a source; start them once there are enough sources."""
        if self._processes < 2 or not source.portable or not getattr(loader, "parallel", False):
            return False
        self._seen += 1
        if self._seen == POOL_FROM + 1:
            self._pool = _pool(self._processes)
        return self._pool is not None

    def _send(self) -> Iterator[Found | Account]:
        """Submit a batch to the workers; if they are busy, read it here instead of waiting."""
        tasks, self._waiting = self._waiting, []
        if self._pool is None or len(self._flying) >= 2 * self._processes:
            yield from _each(tasks)
            return
        try:
            self._flying[self._pool.submit(_read, tasks)] = tasks
        except (BrokenExecutor, OSError):
            yield from self._read_here(tasks)

    def _done(self, timeout: float | None) -> Iterator[Found | Account]:
        """Yield results from the workers; wait at most `timeout` seconds for the first."""
        for future in wait(self._flying, timeout, FIRST_COMPLETED).done:
            tasks = self._flying.pop(future)
            try:
                found = future.result()
            except (BrokenExecutor, CancelledError):
                yield from self._read_here(tasks)
            else:
                yield from found

    def _read_here(self, tasks: list[Task]) -> Iterator[Found | Account]:
        """Read a batch whose worker died; do not restart workers, since the cause may recur."""
        self.stop()
        yield from _each(tasks)


def _each(tasks: Sequence[Task]) -> Iterator[Found | Account]:
    for loader, source in tasks:
        yield from _one(loader, source)


def _one(loader: Loader, source: Source) -> Iterator[Found | Account]:
    """Yield the records and rejects of a source, then its account."""
    records = rejects = 0
    reason = None
    for each in loader.read(source):
        if isinstance(each, Reject):
            rejects += 1
            reason = reason or each.reason
        else:
            records += 1
        yield each
    yield Account(source.name, loader.name, records, rejects, None if records else reason)


def _read(tasks: Sequence[Task]) -> list[Found | Account]:
    return list(_each(tasks))


def _pool(processes: int) -> ProcessPoolExecutor | None:
    """Start workers; return None if the system does not support them (a container without shared memory)."""
    # Never fork: the writer uses threads, and a fork would copy their locks in any state.
    context = multiprocessing.get_context("spawn")
    try:
        return ProcessPoolExecutor(processes, mp_context=context, initializer=_begin)
    except (OSError, NotImplementedError, ImportError):
        return None


def _begin() -> None:
    """Initialise a worker: ignore Ctrl-C, which the parent process handles, and exit when the parent does."""
    signal.signal(signal.SIGINT, signal.SIG_IGN)
    parent = multiprocessing.parent_process()
    if parent is not None:
        threading.Thread(target=_end_with, args=(parent.sentinel,), daemon=True).start()


def _end_with(sentinel: int) -> None:
    wait_for([sentinel])
    os._exit(1)
