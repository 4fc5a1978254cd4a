"""One line that says what is in the store: a canonical SHA-256 of the graph."""

from __future__ import annotations

import json
from hashlib import sha256
from typing import Any

from jwgraph.store.graph import Graph

_MODULUS = 1 << 256

# Properties that tell of loads, not of files: when something was met, and what is still to be derived.
BOOKKEEPING = ("dirty", "derived", "new_at", "reprocessed_at", "reprocessed", "public_at")


def digest(graph: Graph) -> str:
    """Return the canonical digest of the graph: 64 hexadecimal characters.

    Each node and each edge becomes one line of canonical JSON (sorted keys, sets sorted); their SHA-256 digests are
    added modulo 2**256, so that neither order nor memory matters, and the sums are digested again with the counts.
    The books of loads, the schema steps and the mark of programs to be derived are left out.
    """
    parts = []
    for kind in ("nodes", "edges"):
        total, count = 0, 0
        for row in graph.stream(f"query/digest_{kind}"):
            for mark in BOOKKEEPING:
                row["properties"].pop(mark, None)
            line = json.dumps(_canonical(row), sort_keys=True, ensure_ascii=True, default=str)
            total = (total + int.from_bytes(sha256(line.encode()).digest(), "big")) % _MODULUS
            count += 1
        parts.append(f"{kind} {count} {total:064x}\n")
    return sha256("".join(parts).encode()).hexdigest()


def _canonical(value: Any) -> Any:
    """Sort lists that stand for sets; all lists of the graph do, but for what `template_patterns` goes with."""
    if isinstance(value, dict):
        return {key: _canonical(item) for key, item in value.items()}
    if isinstance(value, list):
        return sorted((_canonical(item) for item in value), key=str)
    return value
