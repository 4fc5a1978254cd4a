"""Bring the store up to date with MAST, and say what changed."""

from __future__ import annotations

import time
from collections import Counter
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import TYPE_CHECKING

from jwgraph.model.records import ObservationRecord, Problem, Record
from jwgraph.store import schema
from jwgraph.store.graph import Graph
from jwgraph_loaders.mast.live import DEFAULT, Query, Stored, Wishes, finished, read_mast
from jwgraph_loaders.write import writer

if TYPE_CHECKING:
    from jwgraph_loaders.mast.session import RetryPolicy

CHANGES = ("new", "reprocessed", "made public", "superseded", "withdrawn")
"""What can change of a file, in the order of the summary."""


@dataclass(frozen=True, slots=True)
class Change:
    """A file that changed: one of `CHANGES`, and what of it; for a superseded association, its successor."""

    change: str
    productFilename: str
    detail: str = ""


@dataclass(slots=True)
class Outcome:
    """Result of a synchronisation.

    Attributes
    ----------
    report
        Result of writing.
    changes
        Number of files of the programs, by what changed; all of `CHANGES`.
    complete
        Whether MAST answered everything; if not, the same queries within a day ask only for what is missing.
    """

    report: writer.Report
    changes: Counter[str] = field(default_factory=Counter)
    complete: bool = True


@dataclass(frozen=True, slots=True)
class Writing:
    """How to write; see `jwgraph_loaders.write.writer.load`."""

    workers: int | None = None
    batch_size: int = writer.BATCH_SIZE
    progress: writer.Progress = lambda _what, _count: None
    on_problem: writer.OnProblem = lambda _problem: None


def sync(
    graph: Graph,
    queries: Sequence[Query],
    *,
    cache: Path,
    wishes: Wishes = DEFAULT,
    progress: Callable[[str], None] = lambda _text: None,
    on_change: Callable[[Change], None] | None = None,
    writing: Writing = Writing(),
    policy: RetryPolicy | None = None,
) -> Outcome:
    """Load what MAST has for some queries, and compare the graph before and after.

    Parameters
    ----------
    graph
        The store.
    queries, cache, wishes, progress, policy
        As of `jwgraph_loaders.mast.live.read_mast`, whose errors are raised.
    on_change
        Called with every file that changed.
    writing
        How to write.
    """
    schema.ensure(graph)
    begun = time.time_ns() // 1_000_000
    found = read_mast(queries, cache=cache, progress=progress, wishes=wishes, stored=stored(graph), policy=policy)
    watched = _Watched(graph, found)
    report = writer.load(
        graph,
        watched.records(),
        workers=writing.workers,
        batch_size=writing.batch_size,
        progress=writing.progress,
        on_problem=writing.on_problem,
    )
    report.sources["mast"] = len(queries)
    outcome = Outcome(report)
    for change in CHANGES:
        outcome.changes[change] = 0
    for row in graph.read(
        "internal/changed_since", programs=watched.programs, since=begun, names=on_change is not None
    ):
        outcome.changes[row["change"]] = row["number"]
        if on_change is not None:
            for each in row["files"]:
                on_change(Change(**each))
    for each in sorted(_out_of_force(graph, watched.programs) - watched.before):
        outcome.changes[each[0]] += 1
        if on_change is not None:
            on_change(Change(*each))
    outcome.complete = finished(cache, queries)
    return outcome


def stored(graph: Graph) -> Stored:
    """Return what a store has already."""

    def loaded(names: Sequence[str]) -> set[str]:
        return {row["filename"] for row in graph.read("internal/contents_loaded", filenames=list(names))}

    def listed(program: str) -> dict[int, str]:
        return {row["obsid"]: row["obs_id"] for row in graph.read("internal/observations_with_lists", program=program)}

    return Stored(loaded, listed)


class _Watched:
    """Records on their way to the store, with the programs of their Observations."""

    def __init__(self, graph: Graph, records: Iterator[Record | Problem]) -> None:
        self._graph = graph
        self._records = records
        self._programs: set[str] = set()
        self.before: set[tuple[str, str, str]] = set()

    @property
    def programs(self) -> list[str]:
        """The programs, five digits, sorted."""
        return sorted(self._programs)

    def records(self) -> Iterator[Record | Problem]:
        """Yield the records; after the last one, note what is out of force: derivation has not run yet."""
        for record in self._records:
            if isinstance(record, ObservationRecord) and record.program:
                self._programs.add(record.program)
            yield record
        self.before = _out_of_force(self._graph, self.programs)


def _out_of_force(graph: Graph, programs: Sequence[str]) -> set[tuple[str, str, str]]:
    rows = graph.read("internal/out_of_force", programs=list(programs))
    return {(row["change"], row["productFilename"], row["detail"]) for row in rows}
