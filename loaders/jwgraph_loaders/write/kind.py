"""Interface between the writer and each class of records."""

from __future__ import annotations

from abc import ABC, abstractmethod
from typing import Generic, TypeVar

from jwgraph.model.records import Record
from jwgraph_loaders.write.nodes import Nodes
from jwgraph_loaders.write.transaction import Changes, Stored

R = TypeVar("R", bound=Record)


class Kind(ABC, Generic[R]):
    """Collect the records of one class for a batch, and find what they change.

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
    def compare(self, stored: Stored, changes: Changes) -> None:
        """Add the statements for the collected records, without the rows that change nothing of what is stored.

        It may be called again, after another transaction has written; the nodes are written before its statements run.
        """
