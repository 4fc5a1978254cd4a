"""Derive edges from the loaded data, in Cypher, for the programs that a load touched.

The steps of `cypher/derive/` run in the order of their names. Each computes what should be, compares it with what is,
and changes only what differs. Programs that share files are derived together, each step for all of them before the next
one begins, since an association may name files of another program; and in one transaction, so that readers see the
graph of before or of after.
"""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from functools import cache, partial
from threading import Lock
from typing import Any

from neo4j import ManagedTransaction

from jwgraph.model.vocabulary import EDGES, ROLE_RELATION
from jwgraph.names.suffixes import made_from
from jwgraph.store import queries
from jwgraph.store.graph import Graph

Progress = Callable[[str, int], None]

_EDGE_TYPES = frozenset(edge.name for edge in EDGES)


def derive(
    graph: Graph, *, workers: int = 1, progress: Progress = lambda _what, _count: None
) -> tuple[list[str], Counter[str]]:
    """Derive the edges of every program marked as touched, and clear the mark.

    The caller must have the store's write lock (`Graph.exclusive`).

    Returns
    -------
    programs
        The programs, those that share files with a touched one included.
    edges
        Edges created, by type.

    Raises
    ------
    DatabaseError
        A step failed; its programs are as they were, and stay marked.
    """
    groups = _groups(graph)
    edges: Counter[str] = Counter()
    lock = Lock()

    def say(what: str) -> None:
        with lock:
            progress(what, 0)

    with ThreadPoolExecutor(max_workers=workers) as pool:
        for created in pool.map(lambda group: graph.write(partial(_together, programs=group, say=say)), groups):
            edges.update(created)
    return sorted(program for group in groups for program in group), edges


def _groups(graph: Graph) -> list[list[str]]:
    """Return the programs to derive, in groups that share files: those marked, with all that share files with them."""
    waiting = {row["program"] for row in graph.read("internal/dirty_programs")}
    if not waiting:
        return []
    graph.run("internal/parent_shares")
    shares: defaultdict[str, set[str]] = defaultdict(set)
    for row in graph.read("internal/shared_programs"):
        shares[row["a"]].add(row["b"])
        shares[row["b"]].add(row["a"])
    groups = []
    while waiting:
        group, more = set(), {min(waiting)}
        while more:
            group |= more
            more = set().union(*(shares[program] for program in more)) - group
        groups.append(sorted(group))
        waiting -= group
    return groups


def _together(tx: ManagedTransaction, programs: list[str], say: Callable[[str], None]) -> Counter[str]:
    """Derive programs that share files, and return the edges created."""
    edges: Counter[str] = Counter()
    for step in queries.every("derive"):
        say(step.summary)
        for program in programs:
            done = tx.run(step.text, _parameters(step, program)).consume().counters
            for kind in _EDGE_TYPES & set(step.creates):
                edges[kind] += done.relationships_created
    tx.run(queries.get("internal/clean_programs").text, programs=programs).consume()
    return edges


def _parameters(step: queries.Query, program: str, first: str = "", end: str | None = None) -> dict[str, Any]:
    given = {"program": program, "first": first, "end": end} | _shared()
    return {param.name: given[param.name] for param in step.params}


@cache
def _shared() -> dict[str, Any]:
    """Return the parameters that are the same for every program: rules of the vocabulary as data."""
    return {
        "made_from": made_from(),
        "roles": {str(role): str(relation) for role, relation in ROLE_RELATION.items()},
    }
