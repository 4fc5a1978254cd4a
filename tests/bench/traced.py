"""A load as the command does it, with a note of the processor times at every step: `python -m tests.bench.traced`.

It runs as a process of its own, so that its memory and its times are those of a load.
"""

from __future__ import annotations

import argparse
import json
import time
from collections.abc import Callable
from contextlib import nullcontext
from functools import partial
from pathlib import Path
from typing import Any

import psutil

from jwgraph import server
from jwgraph.store.derive import derive
from jwgraph.store.graph import Graph
from jwgraph_loaders.find.read import read_all
from jwgraph_loaders.write import writer
from tests.bench.sampling import Samples

# Small loads are over before they say that they write.
FIRST = "writing"


class Steps:
    """The steps of a load, and what each took: seconds of the clock, of the server's processor time and of Python's."""

    def __init__(self, java: psutil.Process) -> None:
        self._java = java
        self._own = psutil.Process()
        self._step = FIRST
        self.took: dict[str, list[float]] = {}
        self._last = self._now()

    def _now(self) -> list[float]:
        java, own = self._java.cpu_times(), self._own.cpu_times()
        python = own.user + own.system + own.children_user + own.children_system
        return [time.perf_counter(), java.user + java.system, python]

    def say(self, what: str, _count: int) -> None:
        """Take the progress of a load: a step ends where another is named."""
        self.end()
        self._step = what

    def end(self) -> None:
        """Count what passed for the step that was going on."""
        now = self._now()
        found = self.took.setdefault(self._step, [0.0, 0.0, 0.0])
        for place, (before, after) in enumerate(zip(self._last, now, strict=True)):
            found[place] += after - before
        self._last = now


def traced(home: Path, paths: list[str], *, sample: bool) -> dict[str, Any]:
    """Load files into the store of a running server, and return its steps; with `sample`, where Python's time went too.

    Sampled loads derive one group of programs at a time: the steps of several groups would overlap.
    """
    connection = server.running(server.Home(home))
    pid = server.status(server.Home(home)).pid
    assert connection is not None
    assert pid is not None
    steps = Steps(psutil.Process(pid))
    if sample:
        one_by_one: Callable[..., Any] = partial(_alone, derive)
        vars(writer)["derive"] = one_by_one
    samples = Samples()
    with Graph(connection) as graph, samples if sample else nullcontext():
        records, _ = read_all(paths)
        report = writer.load(graph, records, progress=steps.say)
        steps.end()
    return {
        "records": report.records,
        "rejected": report.rejected,
        "nodes": sum(report.nodes.values()),
        "edges": sum(report.edges.values()),
        "steps": steps.took,
        "functions": samples.functions(),
        "packages": samples.packages(),
    }


def _alone(derive: Callable[..., Any], graph: Graph, **options: Any) -> Any:
    return derive(graph, **options | {"workers": 1})


def main() -> None:
    """Run one load, and write what it took."""
    parser = argparse.ArgumentParser()
    parser.add_argument("home", type=Path)
    parser.add_argument("out", type=Path)
    parser.add_argument("paths", nargs="+")
    parser.add_argument("--sample", action="store_true")
    given = parser.parse_args()
    found = traced(given.home, given.paths, sample=given.sample)
    given.out.write_text(json.dumps(found), encoding="utf-8")


if __name__ == "__main__":
    main()
