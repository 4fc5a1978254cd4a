"""A Dask scheduler with worker processes of its own, and jobs that write down what happens to their workers."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
import time
from collections import Counter
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from distributed import Client

WORKERS = 2


@dataclass(frozen=True, slots=True)
class Cluster:
    """A running scheduler, asked by a client of the test's own."""

    address: str
    client: Client
    scheduler: subprocess.Popen[bytes]

    def kill(self) -> None:
        """Kill the scheduler."""
        self.scheduler.kill()
        self.scheduler.wait()

    def kill_a_busy_worker(self) -> set[str]:
        """Kill a worker while it works, and return the keys of the tasks that are lost with it."""
        busy = next(address for address, keys in self.client.processing().items() if keys)
        pid = self.client.run(os.getpid, workers=[busy])[busy]
        os.kill(pid, signal.SIGSTOP)
        # What it said before may still arrive.
        lost, before = self._tasks_of(busy), set[str]()
        while lost != before:
            time.sleep(0.3)
            lost, before = self._tasks_of(busy), lost
        os.kill(pid, signal.SIGKILL)
        return lost

    def _tasks_of(self, worker: str) -> set[str]:
        return {*self.client.processing().get(worker, ()), *self.client.has_what().get(worker, ())}

    def begun(self) -> Counter[str]:
        """Return how often each task was given to a worker."""
        found: list[Any] = self.client.run_on_scheduler(_transitions)
        return Counter(key for key, finish in found if finish == "processing")


def _transitions(dask_scheduler: Any) -> list[tuple[str, str]]:
    return [(each[0], each[2]) for each in dask_scheduler.transition_log]


@contextmanager
def cluster(folder: Path) -> Iterator[Cluster]:
    """Start a scheduler and two worker processes, as `dask scheduler` and `dask worker` do."""
    place = folder / "scheduler.json"
    options = ["--scheduler-file", str(place), "--host", "127.0.0.1", "--no-dashboard"]
    running = [_dask("scheduler", *options, "--port", "0")]
    try:
        while not place.exists():
            assert running[0].poll() is None
            time.sleep(0.05)
        running += [_dask("worker", *options, "--no-nanny", "--nthreads", "1") for _ in range(WORKERS)]
        with Client(scheduler_file=str(place), set_as_default=False) as client:
            client.wait_for_workers(WORKERS, timeout=60)
            yield Cluster(client.scheduler.address, client, running[0])
    finally:
        for each in reversed(running):
            each.kill()
            each.wait()


def _dask(what: str, *options: str) -> subprocess.Popen[bytes]:
    command = [sys.executable, "-m", f"distributed.cli.dask_{what}", *options]
    return subprocess.Popen(command, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)


def double(number: int) -> int:
    """Return twice a number."""
    return 2 * number


def refuse(number: int) -> int:
    """Raise an error that says the number."""
    from jwgraph.errors import SourceError

    raise SourceError(f"number {number} is refused")


def die_once(mark: Path) -> str:
    """Kill the process that runs this, the first time."""
    if mark.exists():
        return "done"
    mark.touch()
    os.kill(os.getpid(), signal.SIGKILL)
    raise AssertionError


def die(_number: int) -> None:
    """Kill the process that runs this."""
    os.kill(os.getpid(), signal.SIGKILL)
