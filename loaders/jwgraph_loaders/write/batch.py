"""A batch: records of all kinds written in one transaction."""

from __future__ import annotations

from collections import Counter
from typing import Any

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
from jwgraph_loaders.write.transaction import Transaction

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

    def write(self, graph: Graph, now: int) -> tuple[Counter[str], Counter[str], list[Problem]]:
        """Write the batch in one transaction.

        Parameters
        ----------
        graph
            The store.
        now
            Time of the load, milliseconds since 1970.

        Returns
        -------
        nodes, edges
            Number created, by label and by type.
        conflicts
            A Problem for each association content that lost to another with the same file name.
        """
        done = graph.write(lambda tx: self._run(Transaction(tx, now)))
        return +done.nodes, +done.edges, done.conflicts

    def _run(self, transaction: Transaction) -> Transaction:
        self.nodes.write(transaction)
        for kind in self._kinds.values():
            kind.write(transaction)
        return transaction
