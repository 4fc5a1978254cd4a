"""A batch: records of all kinds written in one transaction."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable
from typing import Any, NamedTuple

from neo4j import ManagedTransaction
from neo4j.exceptions import ConstraintError, DriverError, Neo4jError

from jwgraph.errors import DatabaseError
from jwgraph.model.records import (
    AssociationRecord,
    EngineeringRecord,
    HeaderRecord,
    LinkRecord,
    ListRecord,
    ObservationRecord,
    PoolRow,
    Problem,
    ProductRecord,
    Record,
    ReferenceRecord,
)
from jwgraph.store.graph import Graph
from jwgraph_loaders.write.associations import Associations
from jwgraph_loaders.write.engineering import Engineering
from jwgraph_loaders.write.headers import Headers
from jwgraph_loaders.write.kind import Kind
from jwgraph_loaders.write.links import Links
from jwgraph_loaders.write.lists import Lists
from jwgraph_loaders.write.nodes import Nodes
from jwgraph_loaders.write.observations import Observations
from jwgraph_loaders.write.pool_rows import PoolRows
from jwgraph_loaders.write.products import Products
from jwgraph_loaders.write.references import References
from jwgraph_loaders.write.transaction import Changes, Stored

# Each repetition means that another session has written a whole batch meanwhile.
ATTEMPTS = 20

KINDS: dict[type[Record], type[Kind[Any]]] = {
    ProductRecord: Products,
    ListRecord: Lists,
    ObservationRecord: Observations,
    ReferenceRecord: References,
    EngineeringRecord: Engineering,
    PoolRow: PoolRows,
    LinkRecord: Links,
    AssociationRecord: Associations,
    HeaderRecord: Headers,
}
"""Kind of each record class, in the order of writing."""


class Written(NamedTuple):
    """What a batch wrote.

    Attributes
    ----------
    nodes, edges
        Number created, by label and by type.
    conflicts
        A Problem for each association content that lost to another with the same file name.
    """

    nodes: Counter[str]
    edges: Counter[str]
    conflicts: list[Problem]


class Batch:
    """Records collected for one transaction.

    Parameters
    ----------
    shared
        Nodes whose edges would make several batches wait for each other; see `Nodes.shared`.
    """

    def __init__(self, shared: Nodes | None = None) -> None:
        self.nodes = Nodes(shared=shared)
        self._kinds = {record_class: kind() for record_class, kind in KINDS.items()}

    @property
    def size(self) -> int:
        """Number of nodes and members to write."""
        return self.nodes.size

    def add(self, record: Record) -> None:
        """Collect a record."""
        self._kinds[type(record)].add(record, self.nodes)

    def compare(self, stored: Stored, changes: Changes) -> None:
        """Add the statements of the batch, without the rows that change nothing of what is stored."""
        self.nodes.compare(stored, changes)
        for kind in self._kinds.values():
            kind.compare(stored, changes)

    def write(self, graph: Graph, now: int, mark: Callable[[set[str]], None] = lambda _programs: None) -> Written:
        """Write what the batch changes in one transaction; nothing where it changes nothing.

        Where another transaction has created one of its nodes meanwhile, it is compared again.

        Parameters
        ----------
        graph
            The store.
        now
            Time of the load, milliseconds since 1970.
        mark
            Called with the affected programs before anything is written.
        """
        for _ in range(ATTEMPTS - 1):
            try:
                return graph.write(lambda tx: self._run(tx, now, mark))
            except (DatabaseError, DriverError) as error:
                if not _met_another(error):
                    raise
        return graph.write(lambda tx: self._run(tx, now, mark))

    def _run(self, tx: ManagedTransaction, now: int, mark: Callable[[set[str]], None]) -> Written:
        changes = Changes(now)
        self.compare(Stored(tx), changes)
        # This transaction has only read: it blocks no other that waits for a mark.
        if changes:
            mark(changes.programs)
        return Written(*changes.write(tx), changes.conflicts)


def _met_another(error: BaseException) -> bool:
    """Return whether two sessions met at one node.

    The driver may raise its own failure to clean up instead, and does not repeat a transaction then; what it has
    repeated itself is not repeated here.
    """
    hidden = isinstance(error, DriverError)
    cause: BaseException | None = error
    while cause is not None:
        if isinstance(cause, ConstraintError) or (hidden and isinstance(cause, Neo4jError) and cause.is_retryable()):
            return True
        cause = cause.__cause__ or cause.__context__
    return False
