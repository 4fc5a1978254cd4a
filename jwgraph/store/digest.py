"""The canonical SHA-256 of the graph."""

from __future__ import annotations

import json
from collections.abc import Iterable
from hashlib import sha256
from typing import Any

from jwgraph.model.vocabulary import EDGES, LABELS
from jwgraph.store.graph import Graph

_MODULUS = 1 << 256

BOOKKEEPING = frozenset(
    each.name
    for group in (*(label.properties for label in LABELS), *(edge.properties for edge in EDGES))
    for each in group
    if each.bookkeeping
)
"""Properties about loads rather than files, of nodes and of edges."""


def digest(graph: Graph) -> str:
    """Return the canonical digest of the graph: 64 hexadecimal characters.

    Each node and each edge becomes one line of canonical JSON (sorted keys, sets sorted); their SHA-256 digests are
    added modulo 2**256, so that neither order nor memory matters, and the sums are digested again with the counts.
    The history of loads, the schema steps and the mark of programs to derive are left out.
    """
    nodes = ({"labels": row["labels"], "properties": row["properties"]} for row in graph.stream("internal/nodes"))
    edges = (
        {name: row[name] for name in ("start", "type", "end", "properties")} for row in graph.stream("internal/edges")
    )
    parts = [
        _sum("nodes", (node for node in nodes if "Load" not in node["labels"])),
        _sum("edges", edges),
    ]
    return sha256("".join(parts).encode()).hexdigest()


def _sum(kind: str, rows: Iterable[dict[str, Any]]) -> str:
    total, count = 0, 0
    for row in rows:
        row["properties"] = {name: value for name, value in row["properties"].items() if name not in BOOKKEEPING}
        line = json.dumps(_canonical(row), sort_keys=True, ensure_ascii=True, default=str)
        total = (total + int.from_bytes(sha256(line.encode()).digest(), "big")) % _MODULUS
        count += 1
    return f"{kind} {count} {total:064x}\n"


def _canonical(value: Any) -> Any:
    """Sort lists that represent sets: all lists of the graph, except those parallel to `template_patterns`."""
    if isinstance(value, dict):
        return {key: _canonical(item) for key, item in value.items()}
    if isinstance(value, list):
        return sorted((_canonical(item) for item in value), key=str)
    return value
