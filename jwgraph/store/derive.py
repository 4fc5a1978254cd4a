"""Derive edges from the loaded data, in Cypher, for the programs that a load touched.

The steps of `cypher/derive/` run in the order of their names. Each runs for all programs before the next one
begins, since an association may name files of another program.
"""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from functools import cache
from typing import Any

from jwgraph.errors import DatabaseError
from jwgraph.model.vocabulary import ROLE_RELATION
from jwgraph.names.suffixes import made_from
from jwgraph.store import queries
from jwgraph.store.graph import Graph

ATTEMPTS = 3


def derive(
    graph: Graph, *, workers: int = 1, progress: Callable[[str, int], None] = lambda _what, _count: None
) -> tuple[list[str], Counter[str]]:
    """Derive the edges of every program marked as touched, and clear the mark.

    The caller must have the store's write lock (`Graph.exclusive`).

    Returns
    -------
    programs
        The programs, those that share files with a touched one included.
    edges
        Edges that there are more of than before, by type: those of a program are removed and derived again.

    Raises
    ------
    DatabaseError
        A step failed three times; the programs stay marked.
    """
    programs, before = _programs(graph)
    if not programs:
        return [], Counter()
    graph.run("internal/begin_programs", programs=programs)
    there = _edges(graph)
    for attempt in range(1, ATTEMPTS + 1):
        try:
            _steps(graph, programs, before, workers if attempt == 1 else 1, progress)
            break
        except DatabaseError:
            # Two workers may have blocked each other; what is half done is cleared.
            before = programs
            if attempt == ATTEMPTS:
                raise
    graph.run("internal/clean_programs", programs=programs)
    return programs, _edges(graph) - there


def _edges(graph: Graph) -> Counter[str]:
    """Return the number of edges of each derived type."""
    return Counter({row["type"]: row["number"] for row in graph.read("internal/edge_counts")})


def _programs(graph: Graph) -> tuple[list[str], list[str]]:
    """Return the programs to derive, with all that share files with them, and those of them derived before."""
    found = graph.read("internal/dirty_programs")
    waiting = [row["program"] for row in found if row["dirty"]]
    if not waiting:
        return [], []
    graph.run("internal/parent_shares")
    shares: defaultdict[str, set[str]] = defaultdict(set)
    for row in graph.read("internal/shared_programs"):
        shares[row["a"]].add(row["b"])
        shares[row["b"]].add(row["a"])
    programs: set[str] = set()
    while waiting:
        program = waiting.pop()
        if program not in programs:
            programs.add(program)
            waiting.extend(shares[program])
    return sorted(programs), sorted(row["program"] for row in found if row["derived"] and row["program"] in programs)


def _steps(
    graph: Graph, programs: list[str], before: list[str], workers: int, progress: Callable[[str, int], None]
) -> None:
    """Run every step; only programs that were derived before have something to clear."""
    with ThreadPoolExecutor(max_workers=workers) as pool:
        for step in queries.every("derive"):
            progress(step.summary, 0)
            wanted = {p.name for p in step.params} - {"program"}
            shared = {name: value for name, value in _shared().items() if name in wanted}

            def run(program: str, name: str = step.name, shared: dict[str, Any] = shared) -> None:
                graph.run(name, program=program, **shared)

            # The list raises what a worker raised.
            list(pool.map(run, before if step.runs == "again" else programs))


@cache
def _shared() -> dict[str, Any]:
    """Return the parameters that are the same for every program: rules of the vocabulary as data."""
    return {
        "made_from": made_from(),
        "roles": {str(role): str(relation) for role, relation in ROLE_RELATION.items()},
    }
