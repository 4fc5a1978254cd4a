"""What a batch changes: compared with what is stored, then written, in one transaction."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Sequence
from typing import Any, LiteralString, NamedTuple

from neo4j import ManagedTransaction
from neo4j import Record as Found

from jwgraph.model.records import Problem
from jwgraph.store import queries

# The plan of the first batch serves all others, since every step is a look-up by key. The server would plan anew while
# its counts change, which takes as long as several batches.
PLANNED_ONCE: LiteralString = "CYPHER replan=skip "


def _text(name: str) -> LiteralString:
    return PLANNED_ONCE + queries.get(name).text


class Stored:
    """What the store has of the nodes and edges of a batch."""

    def __init__(self, tx: ManagedTransaction) -> None:
        self._tx = tx

    def ranks(self, name: str, filenames: list[str]) -> dict[str, Found]:
        """Return the stored rows that a statement finds for files, by file name."""
        rows = self._tx.run(_text(f"internal/{name}"), filenames=filenames)
        return {row["filename"]: row for row in rows}

    def held(self, name: str, rows: Sequence[Any]) -> tuple[set[int], set[int]]:
        """Return the numbers of the rows whose node is stored: those that change nothing, and the others."""
        found = self._one(f"held_{name}", rows)
        return (set(found["same"]), set(found["other"])) if found else (set(), set())

    def same(self, name: str, rows: Sequence[Any]) -> set[int]:
        """Return the numbers of the rows that a statement of `cypher/write/` would change nothing for."""
        found = self._one(f"same_{name}", rows)
        return set(found["same"]) if found else set()

    def other(self, name: str, rows: list[Any]) -> list[Any]:
        """Return the rows that a statement of `cypher/write/` may change something for."""
        same = self.same(name, rows)
        return [row for number, row in enumerate(rows) if number not in same] if same else rows

    def _one(self, name: str, rows: Sequence[Any]) -> Found | None:
        return self._tx.run(_text(f"internal/{name}"), rows=rows).single() if rows else None


class _Step(NamedTuple):
    statement: str
    parameters: dict[str, Any]
    label: str
    edge: str


class Changes:
    """The statements of one batch, with the rows that change something; nothing of them is written yet.

    Attributes
    ----------
    now
        Time of the load, milliseconds since 1970; recorded for new nodes.
    programs
        Programs whose derived edges the changes affect.
    conflicts
        A Problem for each association content that lost to another with the same file name.
    """

    def __init__(self, now: int) -> None:
        self.now = now
        self.programs: set[str] = set()
        self.conflicts: list[Problem] = []
        self._steps: list[_Step] = []

    def __bool__(self) -> bool:
        """Return whether there is anything to write."""
        return bool(self._steps)

    def add(
        self, name: str, rows: Sequence[Any], programs: Iterable[str], *, label: str = "", edge: str = "", **more: Any
    ) -> None:
        """Add a statement of `cypher/write/` on rows, if there are any.

        Parameters
        ----------
        name
            Name of the statement.
        rows
            Its rows, sorted, so that transactions locking the same nodes wait for each other instead of deadlocking.
        programs
            Programs that the rows are about; not asked for where there are no rows.
        label, edge
            Node label and edge type that it creates.
        more
            Its other parameters.
        """
        if rows:
            self.programs.update(programs)
            self._steps.append(_Step(name, {"rows": rows, **more}, label, edge))

    def write(self, tx: ManagedTransaction) -> tuple[Counter[str], Counter[str]]:
        """Run the statements in order, and return the number of nodes and edges created, by label and by type."""
        nodes: Counter[str] = Counter()
        edges: Counter[str] = Counter()
        for step in self._steps:
            done = tx.run(_text(f"write/{step.statement}"), step.parameters).consume().counters
            nodes[step.label] += done.nodes_created
            edges[step.edge] += done.relationships_created
        return +nodes, +edges
