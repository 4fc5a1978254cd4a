"""One transaction: run write statements and count the nodes and edges created."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from typing import Any

from neo4j import ManagedTransaction
from neo4j import Record as Found

from jwgraph.model.records import Problem
from jwgraph.store import queries


class Transaction:
    """The statements of one batch, written completely or not at all.

    Attributes
    ----------
    now
        Time of the load, milliseconds since 1970; recorded for new nodes.
    nodes, edges
        Number created so far, by label and by type.
    conflicts
        A Problem for each association content that lost to another with the same file name.
    """

    def __init__(self, tx: ManagedTransaction, now: int) -> None:
        self._tx = tx
        self.now = now
        self.nodes: Counter[str] = Counter()
        self.edges: Counter[str] = Counter()
        self.conflicts: list[Problem] = []

    def run(self, name: str, rows: Sequence[Any], *, label: str = "", edge: str = "", **more: Any) -> None:
        """Run a statement of `cypher/write/` on rows, if there are any.

        Parameters
        ----------
        name
            Name of the statement.
        rows
            Its rows, sorted, so that transactions locking the same nodes wait for each other instead of deadlocking.
        label, edge
            Node label and edge type that it creates.
        more
            Its other parameters.
        """
        if rows:
            done = self._tx.run(queries.get(f"write/{name}").text, rows=rows, **more).consume().counters
            self.nodes[label] += done.nodes_created
            self.edges[edge] += done.relationships_created

    def clear(self, name: str, filenames: list[str]) -> None:
        """Run a statement that removes edges of files, unless `filenames` is empty."""
        if filenames:
            self._tx.run(queries.get(f"write/{name}").text, filenames=filenames).consume()

    def stored(self, name: str, filenames: list[str]) -> dict[str, Found]:
        """Return the stored rows that a statement finds for files, by file name."""
        rows = self._tx.run(queries.get(f"internal/{name}").text, filenames=filenames)
        return {row["filename"]: row for row in rows}
