"""The contract of a record kind: what the writer needs to know of one class of records."""

from __future__ import annotations

from abc import ABC, abstractmethod
from typing import Generic, TypeVar

from jwgraph.model.records import Record
from jwgraph_loaders.write.nodes import Nodes
from jwgraph_loaders.write.transaction import Transaction

R = TypeVar("R", bound=Record)


class Kind(ABC, Generic[R]):
    """Collects the records of one class for a batch, and writes them.

    Records are merged as they are collected. Merging is a maximum over a total order or a union, here as in
    `cypher/write/`: the same records in any order and any batches give the same graph.
    """

    @staticmethod
    @abstractmethod
    def key(record: R) -> tuple[str, str]:
        """Return the name and the program of the node that the record writes most at; they choose its lane."""

    @abstractmethod
    def add(self, record: R, nodes: Nodes) -> None:
        """Collect a record; the nodes that it names go to `nodes`."""

    @abstractmethod
    def write(self, transaction: Transaction) -> None:
        """Run the statements of what was collected. The nodes are there already."""
