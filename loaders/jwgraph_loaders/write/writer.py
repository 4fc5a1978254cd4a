"""Write records to the store in batches, then derive the edges of the affected programs."""

from __future__ import annotations

import gc
import os
import queue
import threading
import uuid
from collections import Counter
from collections.abc import Callable, Iterable, Iterator, Sequence
from contextlib import contextmanager, suppress
from dataclasses import dataclass, field
from datetime import UTC, datetime
from functools import partial
from time import time
from zlib import crc32

from jwgraph.model.records import Problem, Record
from jwgraph.store import schema
from jwgraph.store.derive import derive
from jwgraph.store.graph import Graph
from jwgraph_loaders.write.batch import KINDS, Batch
from jwgraph_loaders.write.references import write_references

BATCH_SIZE = 2000

KEPT_PROBLEMS = 1000

# Seconds for each session to end its batch after Ctrl-C.
LAST_BATCHES = 0.3

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
        Nodes and edges created, by label and by type, those that are derived included.
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


@dataclass(frozen=True, slots=True)
class Prepared:
    """What is known of records before they are written, where others have read them.

    Attributes
    ----------
    records
        Records read; those that are written have each once.
    references
        Names of the reference files, sorted: lanes that write them at the same time would meet.
    shares
        Pairs of programs that are derived together.
    """

    records: int
    references: Sequence[str]
    shares: Sequence[tuple[str, str]]


def load(
    graph: Graph,
    records: Iterable[Record | Problem],
    *,
    prepared: Prepared | None = None,
    batch_size: int = BATCH_SIZE,
    workers: int | None = None,
    progress: Progress = lambda _what, _count: None,
    on_problem: OnProblem = lambda _problem: None,
) -> Report:
    """Write records to the store and derive the edges of the affected programs.

    The result does not depend on order, batches, number of workers or repetition. An interrupted load leaves its
    programs marked, and the next load, or `jwgraph store repair`, finishes them.

    Parameters
    ----------
    graph
        The store.
    records
        Records and problems from loaders; problems go to the report.
    prepared
        What the programs of the records share; written first.
    batch_size
        Rows per transaction, at least 1.
    workers
        Number of concurrent write sessions, at least 1; records of one APT observation use the same session. None: half
        the processors to write, and all of them to derive. *Measured* on two: three sessions that write take 1.7 times
        the processor time of one, and no less time.
    progress
        Called with the current step and the number of records done.
    on_problem
        Called with every problem as it occurs; the report keeps only the first `KEPT_PROBLEMS` of each severity.
    """
    report = Report()
    schema.ensure(graph)
    with graph.exclusive(), _fewer_collections():
        book = {"started": datetime.now(UTC), "state": "writing"}
        load_id = str(uuid.uuid4())
        graph.run("write/load", id=load_id, properties=book)
        lanes = workers or max(1, _processors() // 2)
        _write(graph, records, prepared, batch_size, lanes, report, progress, on_problem)
        if prepared is not None:
            report.records = prepared.records
        progress("deriving", report.records)
        report.programs, derived = derive(graph, workers=workers or _processors(), progress=progress)
        report.edges.update(derived)
        book = {"finished": datetime.now(UTC), "state": "complete", "records": report.records}
        graph.run("write/load", id=load_id, properties=book | {"rejects": report.rejected})
    return report


def _processors() -> int:
    """Return the number of processors that this process may use, at most 8."""
    usable = len(os.sched_getaffinity(0)) if hasattr(os, "sched_getaffinity") else os.cpu_count() or 1
    return min(usable, 8)


def _write(
    graph: Graph,
    records: Iterable[Record | Problem],
    prepared: Prepared | None,
    batch_size: int,
    workers: int,
    report: Report,
    progress: Progress,
    on_problem: OnProblem,
) -> None:
    # One extra lane, the last, writes the edges of files with many owners.
    with _Lanes(graph, workers + 1, report, on_problem) as lanes:
        if prepared is not None:
            lanes.prepare(prepared)
        shared, waiting = Batch(), Batch()
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
                    # One behind: by then the other lanes have created the Observations that it names.
                    lanes.put(workers, waiting)
                    shared, waiting = Batch(), shared
                    for batch in batches:
                        batch.nodes.shared = shared.nodes
                batches[lane] = Batch(shared.nodes)
                progress("writing", report.records)
        for lane, batch in enumerate(batches):
            lanes.put(lane, batch)
        lanes.wait()
        for batch in (waiting, shared):
            lanes.put(workers, batch)


@contextmanager
def _fewer_collections() -> Iterator[None]:
    """Let Python look for unused cycles less often: batches are many small objects, and looking at them costs a third.

    They have no cycles, so that memory does not grow.
    """
    before = gc.get_threshold()
    gc.set_threshold(50_000, 10, 10)
    try:
        yield
    finally:
        gc.set_threshold(*before)


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
        self._programs = {row["program"] for row in graph.read("internal/program_names")}
        self._shares = {(row["a"], row["b"]) for row in graph.read("internal/shared_programs")}
        self._marked: set[str] = set()
        self._marking = threading.Lock()
        self._failed: list[BaseException] = []
        self._queues: list[queue.Queue[Batch | None]] = [queue.Queue(maxsize=1) for _ in range(workers)]
        self._threads = [threading.Thread(target=self._work, args=(q,), daemon=True) for q in self._queues]

    def __enter__(self) -> _Lanes:
        for thread in self._threads:
            thread.start()
        return self

    def __exit__(self, kind: type[BaseException] | None, *rest: object) -> None:
        if kind is not None:
            self._drop()
        for lane in self._queues:
            lane.put(None)
        # The programs are marked: after Ctrl-C, whether the last batches are written does not matter.
        patience = None
        if kind is not None and issubclass(kind, KeyboardInterrupt):
            patience = LAST_BATCHES
            self._graph.terminate()
        for thread in self._threads:
            thread.join(patience)
        if kind is None:
            self._raise()

    def _drop(self) -> None:
        """Drop what is queued; only the main thread fills the queues."""
        for lane in self._queues:
            with suppress(queue.Empty):
                lane.get_nowait()

    def put(self, lane: int, batch: Batch) -> None:
        """Queue a batch, waiting while the lane is busy; raise any exception raised in a lane."""
        self._raise()
        if not batch.size:
            return
        self._share(batch.nodes.programs, batch.nodes.shares)
        self._queues[lane].put(batch)

    def prepare(self, prepared: Prepared) -> None:
        """Write what programs share."""
        self._share(set(), set(prepared.shares))
        for first in range(0, len(prepared.references), BATCH_SIZE):
            names = prepared.references[first : first + BATCH_SIZE]
            nodes, _ = self._graph.write(partial(write_references, names=names, now=self._now))
            self._report.nodes.update(nodes)

    def _share(self, programs: set[str], pairs: set[tuple[str, str]]) -> None:
        """Mark programs that are new, and pairs that are derived together from now on."""
        shares = pairs - self._shares
        self.mark((programs - self._programs).union(*shares))
        self._programs |= programs
        if shares:
            self._graph.run("write/shares", rows=[{"a": a, "b": b} for a, b in sorted(shares)])
            self._shares |= shares

    def mark(self, programs: set[str]) -> None:
        """Mark programs before something of them changes, so that an interrupted load leaves them marked."""
        with self._marking:
            new = programs - self._marked
            if new:
                self._graph.run("write/programs", programs=sorted(new))
                self._marked |= new

    def wait(self) -> None:
        """Wait until all that was queued is written."""
        for lane in self._queues:
            lane.join()

    def _raise(self) -> None:
        if self._failed:
            raise self._failed[0]

    def _work(self, lane: queue.Queue[Batch | None]) -> None:
        while (batch := lane.get()) is not None:
            try:
                if not self._failed:
                    nodes, edges, conflicts = batch.write(self._graph, self._now, self.mark)
                    with self._lock:
                        self._report.nodes.update(nodes)
                        self._report.edges.update(edges)
                    self.report(conflicts)
            except BaseException as error:  # handed to the main thread, which raises it
                self._failed.append(error)
            finally:
                lane.task_done()

    def report(self, found: Iterable[Problem]) -> None:
        """Count problems, keep the first ones, and call `on_problem` for each."""
        with self._lock:
            for problem in found:
                self._report.severities[problem.severity] += 1
                if self._report.severities[problem.severity] <= KEPT_PROBLEMS:
                    self._report.problems.append(problem)
                self._on_problem(problem)
