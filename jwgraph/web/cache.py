"""Answers that are kept while nothing is written to the store: a bookmark of Neo4j says whether anything was.

Rows over Bolt are the cost of a large tree: 10,000 files take longer to read than all that is done with them.
"""

from __future__ import annotations

import time
from collections import OrderedDict
from collections.abc import Callable
from dataclasses import dataclass
from threading import Lock
from typing import Generic, TypeVar

from jwgraph.store.graph import Graph

T = TypeVar("T")

# Answers that are kept, and for how long at most, in seconds: what they say of a load that was cut off can change
# without a write.
KEPT, AGE = 16, 30.0


@dataclass(frozen=True, slots=True)
class _Entry(Generic[T]):
    marks: frozenset[str]
    since: float
    answer: T


class Cache(Generic[T]):
    """The latest answers, each valid while the bookmark of the store is that of the moment when it was given."""

    def __init__(self) -> None:
        self._entries: OrderedDict[str, _Entry[T]] = OrderedDict()
        self._lock = Lock()

    def get(self, graph: Graph, key: str, ask: Callable[[], T]) -> T:
        """Return the answer that is kept, or ask for it."""
        before = graph.marks_now()
        with self._lock:
            entry = self._entries.get(key)
        if entry is not None and before and entry.marks == before and time.monotonic() - entry.since < AGE:
            return entry.answer
        answer = ask()
        # Kept only if nothing was written meanwhile: the answer could be half of one state and half of another.
        if before and graph.marks_now() == before:
            with self._lock:
                self._entries[key] = _Entry(before, time.monotonic(), answer)
                self._entries.move_to_end(key)
                while len(self._entries) > KEPT:
                    self._entries.popitem(last=False)
        return answer
