"""Write records to the store in batches, then derive the edges of the affected programs."""

from __future__ import annotations

import queue
import threading
import uuid
from collections import Counter
from collections.abc import Callable, Iterable
from dataclasses import dataclass, field
from datetime import UTC, datetime
from time import time
from zlib import crc32

from jwgraph.model.records import Problem, Record
from jwgraph.store import schema
from jwgraph.store.derive import derive
from jwgraph.store.graph import Graph
from jwgraph_loaders.write.batch import KINDS, Batch

BATCH_SIZE = 2000
WORKERS = 3

KEPT_PROBLEMS = 1000

Progress = Callable[[str, int], None]
OnProblem = Callable[[Problem], None]


@dataclass(slots=True)
class Report:
    """Result of a load.

    Attributes
    ----------
    sources
        Sources read, by kind of loader.
    records
        Records read: rows of lists and association files.
    nodes, edges
        Nodes and edges created, by label and by type; of derived edges, how many more there are than before.
    problems
        The first problems of each severity with their reasons, warnings too.
    severities
        Number of problems, by severity.
    programs
        Programs whose edges were derived.
    """

    sources: Counter[str] = field(default_factory=Counter)
    records: int = 0
    nodes: Counter[str] = field(default_factory=Counter)
    edges: Counter[str] = field(default_factory=Counter)
    problems: list[Problem] = field(default_factory=list)
    severities: Counter[str] = field(default_factory=Counter)
    programs: list[str] = field(default_factory=list)

    @property
    def rejected(self) -> int:
        """Number of problems, excluding warnings."""
        return sum(number for severity, number in self.severities.items() if severity != "warning")


def load(
    graph: Graph,
    records: Iterable[Record | Problem],
    *,
    batch_size: int = BATCH_SIZE,
    workers: int = WORKERS,
    progress: Progress = lambda _what, _count: None,
    on_problem: OnProblem = lambda _problem: None,
) -> Report:
    """Write records to the store and derive the edges of the affected programs.

    The result does not depend on order, batches, number of workers or repetition. An interrupted load leaves its
    programs marked, and the next load finishes them.

    Parameters
    ----------
    graph
        The store.
    records
        Records and problems from loaders; problems go to the report.
    batch_size
        Rows per transaction, at least 1.
    workers
        Number of concurrent write sessions, at least 1; records of one APT observation use the same session.
    progress
        Called with the current step and the number of records done.
    on_problem
        Called with every problem as it occurs; the report keeps only the first `KEPT_PROBLEMS` of each severity.
    """
    report = Report()
    schema.ensure(graph)
    with graph.exclusive():
        book = {"started": datetime.now(UTC), "state": "writing"}
        load_id = str(uuid.uuid4())
        graph.run("write/load", id=load_id, properties=book)
        _write(graph, records, batch_size, workers, report, progress, on_problem)
        progress("deriving", report.records)
        report.programs, derived = derive(graph, workers=workers, progress=progress)
        report.edges.update(derived)
        book = {"finished": datetime.now(UTC), "state": "complete", "records": report.records}
        graph.run("write/load", id=load_id, properties=book | {"rejects": report.rejected})
    return report


def _write(
    graph: Graph,
    records: Iterable[Record | Problem],
    batch_size: int,
    workers: int,
    report: Report,
    progress: Progress,
    on_problem: OnProblem,
) -> None:
    # One extra lane, the last, writes the edges of files with many owners.
    with _Lanes(graph, workers + 1, report, on_problem) as lanes:
        shared = Batch()
        batches = [Batch(shared.nodes) for _ in range(workers)]
        for record in records:
            if isinstance(record, Problem):
                lanes.report([record])
                continue
            lane = _lane(*KINDS[type(record)].key(record), workers)
            batches[lane].add(record)
            report.records += 1
            if batches[lane].size >= batch_size:
                lanes.put(lane, batches[lane])
                if shared.size >= batch_size:
                    lanes.put(workers, shared)
                    shared = Batch()
                    for batch in batches:
                        batch.nodes.shared = shared.nodes
                batches[lane] = Batch(shared.nodes)
                progress("writing", report.records)
        for lane, batch in enumerate([*batches, shared]):
            if batch.size:
                lanes.put(lane, batch)


def _lane(name: str, program: str, lanes: int) -> int:
    """Return the lane of a file or Observation; each APT observation uses a single lane.

    Exposures (`jw02733001…`), Level 3 products and associations (`jw02733-o001…`) of an observation share most of
    the nodes they touch.
    """
    observation = name[7:12].lstrip("-o")[:3]
    return crc32(f"{program}{observation}".encode(errors="surrogatepass")) % lanes


class _Lanes:
    """Threads that write batches, one session each; bounded queues limit memory use."""

    def __init__(self, graph: Graph, workers: int, report: Report, on_problem: OnProblem) -> None:
        self._graph = graph
        self._report = report
        self._on_problem = on_problem
        self._now = int(time() * 1000)
        self._lock = threading.Lock()
        self._seen: set[str] = set()
        self._failed: list[BaseException] = []
        self._queues: list[queue.Queue[Batch | None]] = [queue.Queue(maxsize=1) for _ in range(workers)]
        self._threads = [threading.Thread(target=self._work, args=(q,), daemon=True) for q in self._queues]

    def __enter__(self) -> _Lanes:
        for thread in self._threads:
            thread.start()
        return self

    def __exit__(self, kind: type[BaseException] | None, *rest: object) -> None:
        for lane in self._queues:
            lane.put(None)
        for thread in self._threads:
            thread.join()
        if kind is None:
            self._raise()

    def put(self, lane: int, batch: Batch) -> None:
        """Queue a batch, waiting while the lane is busy; raise any exception raised in a lane."""
        self._raise()
        # Committed before the data, so that an interrupted load leaves its programs marked.
        new = batch.nodes.programs - self._seen
        if new:
            self._graph.run("write/programs", programs=sorted(new))
            self._seen |= new
        if batch.nodes.shares:
            pairs = [{"a": a, "b": b} for a, b in sorted(batch.nodes.shares)]
            self._graph.run("write/shares", rows=pairs)
        self._queues[lane].put(batch)

    def _raise(self) -> None:
        if self._failed:
            raise self._failed[0]

    def _work(self, lane: queue.Queue[Batch | None]) -> None:
        while (batch := lane.get()) is not None:
            if self._failed:
                continue
            try:
                nodes, edges, conflicts = batch.write(self._graph, self._now)
                with self._lock:
                    self._report.nodes.update(nodes)
                    self._report.edges.update(edges)
                self.report(conflicts)
            except BaseException as error:  # handed to the main thread, which raises it
                self._failed.append(error)

    def report(self, found: Iterable[Problem]) -> None:
        """Count problems, keep the first ones, and call `on_problem` for each."""
        with self._lock:
            for problem in found:
                self._report.severities[problem.severity] += 1
                if self._report.severities[problem.severity] <= KEPT_PROBLEMS:
                    self._report.problems.append(problem)
                self._on_problem(problem)
