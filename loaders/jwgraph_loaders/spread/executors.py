"""Who runs the work: processes of this machine, or Dask's workers, of this machine or of a cluster."""

from __future__ import annotations

import logging
import multiprocessing
import os
import re
import signal
import threading
from collections.abc import Callable, Iterator, Sequence
from concurrent.futures import Future, ProcessPoolExecutor, as_completed
from concurrent.futures.process import BrokenProcessPool
from contextlib import contextmanager
from importlib.util import find_spec
from multiprocessing.process import BaseProcess
from typing import TYPE_CHECKING, Any, NamedTuple, Protocol
from uuid import uuid4

from jwgraph._version import __version__
from jwgraph.errors import SourceError, UsageError

if TYPE_CHECKING:
    from distributed import Client, LocalCluster

LOCAL = "local"
# How often a process may die before anything else is done, as in Dask (`distributed.scheduler.allowed-failures`).
ALLOWED_FAILURES = 3
_CONNECT = 10

Say = Callable[[str], None]


class Job(NamedTuple):
    """A function of a module with its arguments, and what it does, in words."""

    name: str
    call: Callable[..., Any]
    given: tuple[Any, ...]


class Executor(Protocol):
    """Runs jobs, several at a time; a job may run twice if what runs it dies."""

    def run(self, jobs: Sequence[Job]) -> Iterator[tuple[int, Any]]:
        """Yield the place and the result of each job as it ends; raise what a job raises.

        Raises
        ------
        SourceError
            What ran a job died again and again.
        """
        ...


class _Processes:
    def __init__(self, number: int) -> None:
        self._number = number
        self._before = set(multiprocessing.active_children())
        self._pool: ProcessPoolExecutor | None = None

    def run(self, jobs: Sequence[Job]) -> Iterator[tuple[int, Any]]:
        waiting = dict(enumerate(jobs))
        deaths = 0
        while waiting:
            before = len(waiting)
            for place, result in self._once(waiting):
                del waiting[place]
                yield place, result
            if waiting:
                # One of its processes died, and the pool with it.
                self._pool, deaths = None, deaths + 1 if len(waiting) == before else 1
                if deaths > ALLOWED_FAILURES:
                    beside = f" or one of {len(waiting) - 1} others" if len(waiting) > 1 else ""
                    raise _killed(f"{waiting[min(waiting)].name}{beside}", deaths)

    def _once(self, waiting: dict[int, Job]) -> Iterator[tuple[int, Any]]:
        """Yield the results of the jobs that no death of a process ends."""
        if self._pool is None:
            context = multiprocessing.get_context("spawn")
            self._pool = ProcessPoolExecutor(self._number, mp_context=context, initializer=_begin)
        places: dict[Future[Any], int] = {}
        try:
            for place, job in waiting.items():
                places[self._pool.submit(job.call, *job.given)] = place
        except BrokenProcessPool:
            # The jobs before it are all ended by the same death.
            pass
        for future in as_completed(places):
            if not isinstance(future.exception(), BrokenProcessPool):
                yield places.pop(future), future.result()

    def close(self) -> None:
        """End the processes, whatever they do."""
        if self._pool is not None:
            self._pool.shutdown(wait=False, cancel_futures=True)
        _end_children(self._before)


def _end_children(before: set[BaseProcess]) -> None:
    """End the child processes that were not there before, whatever they do."""
    for child in set(multiprocessing.active_children()) - before:
        child.terminate()
        child.join()


@contextmanager
def processes(number: int) -> Iterator[Executor]:
    """Run jobs in processes of this machine."""
    made = _Processes(number)
    try:
        yield made
    finally:
        made.close()


def _begin() -> None:
    """Begin a process: Ctrl-C ends it without words, and so does the end of the process that started it."""
    signal.signal(signal.SIGINT, signal.SIG_DFL)
    threading.Thread(target=_end_with_parent, daemon=True).start()


def _end_with_parent() -> None:
    parent = multiprocessing.parent_process()
    if parent is not None:
        parent.join()
        os._exit(1)


class _Dask:
    def __init__(self, client: Client, address: str, say: Say) -> None:
        self._client, self._address, self._say = client, address, say

    def run(self, jobs: Sequence[Job]) -> Iterator[tuple[int, Any]]:
        from distributed import KilledWorker
        from distributed import as_completed as completed

        if not self._client.nthreads():
            self._say(f"waiting for a worker of {self._address}")
        # A key is known to the scheduler until its result is taken: that of another load is another one.
        load = uuid4().hex[:8]
        places = {
            self._client.submit(job.call, *job.given, key=f"{_key(job.name)}-{load}-{place}", pure=False): place
            for place, job in enumerate(jobs)
        }
        try:
            for future, result in completed(places, loop=self._client.loop, with_results=True):
                if isinstance(result, BaseException):
                    why = str(result).partition("\n")[0].rstrip(".")
                    raise SourceError(f"Dask at {self._address}: {why}; run the same command again.")
                yield places.pop(future), result
                # Dask would compute it again if the worker that has it dies.
                future.release()
        except KilledWorker as error:
            raise _killed(str(error.task), error.allowed_failures + 1) from None
        except (ImportError, RuntimeError) as error:
            raise UsageError(
                f"Dask at {self._address} cannot run it: its scheduler and workers need jwgraph {__version__} too "
                f"({type(error).__name__}: {error})."
            ) from error


@contextmanager
def dask(address: str, number: int | None = None, say: Say = lambda _text: None) -> Iterator[Executor]:
    """Run jobs with Dask.

    Parameters
    ----------
    address
        Address of a scheduler, or `local` for one of this machine that ends with the load.
    number
        Worker processes of a local one; None for as many as Dask chooses.
    say
        Called with the address of the dashboard.

    Raises
    ------
    UsageError
        Dask is not installed, or no scheduler answers.
    """
    try:
        from distributed import Client
    except ImportError:
        raise UsageError("This needs Dask: `pip install 'jwgraph[dask]'`; local processes need nothing.") from None
    before = set(multiprocessing.active_children())
    cluster = _cluster(number) if address == LOCAL else None
    try:
        try:
            client = Client(cluster or address, timeout=_CONNECT, set_as_default=False)
        except (OSError, ValueError, TypeError) as error:
            raise UsageError(f"No Dask scheduler answers at {address}: {error}.") from None
        with _quiet(), client:
            # That of a local scheduler needs Bokeh.
            if cluster is None or find_spec("bokeh"):
                say(f"Dask's dashboard: {client.dashboard_link}")
            yield _Dask(client, address, say)
    except KeyboardInterrupt:
        # To close a cluster is to wait for what its workers do.
        _end_children(before)
        raise
    finally:
        if cluster is not None:
            _close(cluster, before)


def _cluster(number: int | None) -> LocalCluster:
    from distributed import LocalCluster

    # On loopback alone and encrypted: who reaches a scheduler may run anything. The port of the dashboard is any.
    return LocalCluster(
        security=True,
        n_workers=number,
        threads_per_worker=1,
        host="127.0.0.1",
        dashboard_address="127.0.0.1:0",
        silence_logs=logging.CRITICAL,
    )


def _close(cluster: LocalCluster, before: set[BaseProcess]) -> None:
    try:
        with _quiet():
            cluster.close()
    except AssertionError:
        # Dask cannot stop a worker that has died and is just being started again (`can only join a started process`).
        _end_children(before)


@contextmanager
def _quiet() -> Iterator[None]:
    """Keep Dask from logging what is raised too, with tracebacks."""
    loggers = [logging.getLogger(name) for name in ("distributed", "distributed.client", "tornado.application")]
    before = [logger.level for logger in loggers]
    for logger in loggers:
        logger.setLevel(logging.CRITICAL)
    try:
        yield
    finally:
        for logger, level in zip(loggers, before, strict=True):
            logger.setLevel(level)


def _key(name: str) -> str:
    """Return a name as a key: Dask's dashboard groups keys by the words that they begin with."""
    return re.sub(r"[^\w.+]+", "-", name)


def _killed(job: str, times: int) -> SourceError:
    return SourceError(f"{job}: the process that ran it died {times} times; it may need more memory, or smaller files.")
