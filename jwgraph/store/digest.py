"""The canonical SHA-256 of the graph."""

from __future__ import annotations

import json
from collections.abc import Callable
from hashlib import sha256
from typing import Any

from jwgraph.model.vocabulary import EDGES, LABELS
from jwgraph.store.graph import Graph

Row = dict[str, Any]

_MODULUS = 1 << 256
_SOME = 1000

BOOKKEEPING = frozenset(
    each.name
    for group in (*(label.properties for label in LABELS), *(edge.properties for edge in EDGES))
    for each in group
    if each.bookkeeping
)
"""Properties about loads rather than files, of nodes and of edges."""


class Sums:
    """The digest of a graph, of which nodes and edges are given one by one in any order.

    Each node and each edge becomes one line of canonical JSON (sorted keys, sets sorted); their SHA-256 digests are
    added modulo 2**256, so that neither order nor memory matters, and the sums are digested again with the counts.
    The history of loads, the schema steps and the mark of programs to derive are left out.
    """

    def __init__(self) -> None:
        self._totals = {"nodes": 0, "edges": 0}
        self._counts = {"nodes": 0, "edges": 0}

    def node(self, row: Row) -> None:
        """Take a row of `internal/nodes`."""
        labels: list[str] = row["labels"]
        if "Load" not in labels:
            self._add("nodes", {"labels": sorted(labels), "properties": _canonical(row["properties"])})

    def edge(self, row: Row) -> None:
        """Take a row of `internal/edges`."""
        line = {name: row[name] for name in ("start", "type", "end")}
        self._add("edges", line | {"properties": _canonical(row["properties"])})

    def _add(self, kind: str, line: Row) -> None:
        found = sha256(_encode(line).encode()).digest()
        self._totals[kind] = (self._totals[kind] + int.from_bytes(found, "big")) % _MODULUS
        self._counts[kind] += 1

    def digest(self) -> str:
        """Return the digest of what was taken: 64 hexadecimal characters."""
        parts = [f"{kind} {self._counts[kind]} {total:064x}\n" for kind, total in self._totals.items()]
        return sha256("".join(parts).encode()).hexdigest()


# One encoder for all lines: making one costs as much as a line.
_encode = json.JSONEncoder(sort_keys=True, ensure_ascii=True, default=str).encode


def digest(graph: Graph, counting: Callable[[int], None] = lambda _number: None) -> str:
    """Return the canonical digest of the graph: 64 hexadecimal characters.

    Parameters
    ----------
    counting
        Called with the number of nodes or edges that were read, from time to time.
    """
    sums = Sums()
    for name, take in (("internal/nodes", sums.node), ("internal/edges", sums.edge)):
        number = 0
        for number, row in enumerate(graph.stream(name), start=1):
            take(row)
            if number % _SOME == 0:
                counting(_SOME)
        counting(number % _SOME)
    return sums.digest()


def _canonical(properties: Row) -> Row:
    """Sort lists that represent sets: all lists of the graph, except those parallel to `template_patterns`."""
    return {
        name: sorted(value, key=str) if isinstance(value, list) else value
        for name, value in properties.items()
        if name not in BOOKKEEPING
    }
