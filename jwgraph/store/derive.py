"""Derive edges from the loaded data, in Cypher, for the programs that a load touched.

The steps of `cypher/derive/` run in the order of their names. Each computes what should be, compares it with what is,
and changes only what differs. Programs that share files are derived together, each step for all of them before the next
one begins, since an association may name files of another program; and in one transaction, so that readers see the
graph of before or of after.
"""

from __future__ import annotations

from asyncio import CancelledError
from collections import Counter, defaultdict
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from dataclasses import dataclass
from functools import cache, partial
from itertools import pairwise
from threading import Event, Lock
from typing import Any

from neo4j import ManagedTransaction

from jwgraph.errors import DatabaseError
from jwgraph.model.vocabulary import EDGES, ROLE_RELATION
from jwgraph.names.suffixes import made_from
from jwgraph.store import queries
from jwgraph.store.graph import Graph
from jwgraph.store.readings import Purpose

Progress = Callable[[str, int], None]
Part = tuple[str | None, str | None]

# Files derived at a time, in all transactions together. *Measured* for a first derivation and a heap of 1 GB, of which
# Neo4j gives 0.7 to transactions: 48,600 files fit, 72,900 and 97,200 do not. They hold 3.6 kB a file before the
# commit, which takes as much again and more. What is unchanged holds almost nothing: 97,200 such files fit.
AT_ONCE = 50_000
# Files of one part, where programs do not fit in one transaction.
PART = 20_000
_WHOLE: tuple[Part, ...] = ((None, None),)
_OUT_OF_MEMORY = "Neo.TransientError.General.MemoryPoolOutOfMemoryError"
_EDGE_TYPES = frozenset(edge.name for edge in EDGES)


@dataclass(frozen=True, slots=True)
class RepairedRow:
    """A program that was finished; programs that share files with one whose load was cut off are derived with it."""

    program: str


def derive(
    graph: Graph, *, workers: int = 1, progress: Progress = lambda _what, _count: None
) -> tuple[list[str], Counter[str]]:
    """Derive the edges of every program marked as touched, and clear the mark.

    The caller must have the store's write lock (`Graph.exclusive`). Programs that are too large for one transaction are
    derived in parts, and stay marked until the last one: each part only changes what differs, so no answer is emptied.

    Returns
    -------
    programs
        The programs, those that share files with a touched one included.
    edges
        Edges created, by type.

    Raises
    ------
    DatabaseError
        A step failed. Its programs stay marked; those of one transaction are as they were.
    """
    found = groups(graph)
    if not found:
        return [], Counter()
    programs = sorted(program for group in found for program in group)
    # All are marked before one changes: those that only share files with a touched one too.
    graph.run("write/programs", programs=programs)
    sizes = _sizes(graph, found)
    edges: Counter[str] = Counter()
    lock, end = Lock(), Event()

    def say(what: str) -> None:
        if end.is_set():
            raise CancelledError
        with lock:
            progress(what, 0)

    with _threads(graph, max(1, min(workers, AT_ONCE // max(1, *sizes))), end) as pool:
        for created in pool.map(partial(_derive, graph, say), found, sizes):
            edges.update(created)
    # In this order, and in no transaction of the above: answers rely on it (jwgraph/store/snapshot.py).
    say("raising generations")
    graph.run("internal/raise_programs", programs=programs, gone=[])
    say("removing marks")
    graph.run("internal/clean_programs", programs=programs)
    return programs, edges


@contextmanager
def _threads(graph: Graph, number: int, end: Event) -> Iterator[ThreadPoolExecutor]:
    """Run threads until the block ends; where it is interrupted, end what they do: nobody waits for it."""
    with ThreadPoolExecutor(max_workers=number) as pool:
        try:
            yield pool
        except KeyboardInterrupt:
            end.set()
            pool.shutdown(wait=False, cancel_futures=True)
            graph.terminate()
            raise


def repair(graph: Graph, *, progress: Progress = lambda _what, _count: None) -> list[RepairedRow]:
    """Derive the programs that a load has left marked because it was cut off; a running load is waited for."""
    with graph.exclusive(Purpose.REPAIR):
        return [RepairedRow(program) for program in derive(graph, progress=progress)[0]]


def groups(graph: Graph) -> list[list[str]]:
    """Return the programs to derive, in groups that share files: those marked, with all that share files with them."""
    waiting = {row["program"] for row in graph.read("internal/dirty_programs")}
    if not waiting:
        return []
    graph.run("internal/parent_shares")
    shares: defaultdict[str, set[str]] = defaultdict(set)
    for row in graph.read("internal/shared_programs"):
        shares[row["a"]].add(row["b"])
        shares[row["b"]].add(row["a"])
    found = []
    while waiting:
        group: set[str] = set()
        more = {min(waiting)}
        while more:
            group |= more
            more = {other for program in more for other in shares[program]} - group
        found.append(sorted(group))
        waiting -= group
    return found


def _sizes(graph: Graph, found: list[list[str]]) -> list[int]:
    """Return the number of files of each group; of all of them where the whole store fits in one transaction."""
    (store,) = graph.read("internal/number_of_files")
    if store["files"] * max(1, len(found)) <= AT_ONCE:
        return [store["files"] for _ in found]
    return [sum(row["files"] for row in graph.read("internal/program_files", programs=group)) for group in found]


def _derive(graph: Graph, say: Callable[[str], None], programs: list[str], size: int) -> Counter[str]:
    """Derive programs that share `size` files in one transaction, or in parts if they are too large for one."""
    if size <= AT_ONCE:
        try:
            return graph.write(partial(together, programs=programs, say=say))
        except DatabaseError as error:
            # Most of the memory is taken by the commit; the driver has tried it again for a while.
            if getattr(error.__cause__, "code", "") != _OUT_OF_MEMORY:
                raise
            say("in parts, for lack of memory")
    slices = {program: tuple(parts(graph, program)) for program in programs}
    edges: Counter[str] = Counter()
    for step in queries.every("derive"):
        sliced = "first" in {param.name for param in step.params}
        for program in programs:
            for part in slices[program] if sliced else _WHOLE:
                say(step.summary)
                edges.update(graph.write(partial(_step, step=step, program=program, part=part)))
    return edges


def together(tx: ManagedTransaction, programs: list[str], say: Callable[[str], None]) -> Counter[str]:
    """Derive programs that share files in one transaction, and return the edges created."""
    edges: Counter[str] = Counter()
    for step in queries.every("derive"):
        say(step.summary)
        for program in programs:
            edges.update(_step(tx, step, program, (None, None)))
    return edges


def _step(tx: ManagedTransaction, step: queries.Query, program: str, part: Part) -> Counter[str]:
    given = {"program": program, "first": part[0], "end": part[1]} | _shared()
    done = tx.run(step.text, {param.name: given[param.name] for param in step.params}).consume().counters
    return Counter(dict.fromkeys(_EDGE_TYPES & set(step.creates), done.relationships_created))


def parts(graph: Graph, program: str) -> Iterator[Part]:
    """Yield the parts of a program: from one name of an Observation or association to before another."""
    starts: list[str | None] = [None]
    files = 0
    for row in graph.stream("internal/part_names", program=program):
        if files and files + row["files"] > PART:
            starts.append(row["name"])
            files = 0
        files += row["files"]
    return pairwise([*starts, None])


@cache
def _shared() -> dict[str, Any]:
    """Return the parameters that are the same for every program: rules of the vocabulary as data."""
    return {
        "made_from": made_from(),
        "roles": {str(role): str(relation) for role, relation in ROLE_RELATION.items()},
    }
