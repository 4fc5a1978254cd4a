"""Interface between the writer and each class of records."""

from __future__ import annotations

from abc import ABC, abstractmethod
from typing import Generic, TypeVar

from jwgraph.model.records import Record
from jwgraph_loaders.write.nodes import Nodes
from jwgraph_loaders.write.transaction import Transaction

R = TypeVar("R", bound=Record)


class Kind(ABC, Generic[R]):
    """Collect the records of one class for a batch, and write them.

    Records are merged as they are collected. As in `cypher/write/`, merging is a maximum over a total order or a union:
    the same records in any order and any batches give the same graph.
    """

    @staticmethod
    @abstractmethod
    def key(record: R) -> tuple[str, str]:
        """Return name and program of the node that the record mainly writes to; they determine its lane."""

    @abstractmethod
    def add(self, record: R, nodes: Nodes) -> None:
        """Collect a record, and add the nodes that it names to `nodes`."""

    @abstractmethod
    def write(self, transaction: Transaction) -> None:
        """Run the statements for the collected records; their nodes have already been written."""
