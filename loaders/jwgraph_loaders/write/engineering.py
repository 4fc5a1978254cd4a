"""`EngineeringRecord`: an engineering mnemonic over a span of time."""

from __future__ import annotations

from dataclasses import asdict

from jwgraph.model.records import EngineeringRecord
from jwgraph_loaders.write.kind import Kind
from jwgraph_loaders.write.nodes import Nodes
from jwgraph_loaders.write.rows import Row
from jwgraph_loaders.write.transaction import Changes, Stored


class Engineering(Kind[EngineeringRecord]):
    """Collect time spans; the statement merges those with the same mnemonic and times."""

    def __init__(self) -> None:
        self._rows: list[Row] = []

    @staticmethod
    def key(record: EngineeringRecord) -> tuple[str, str]:  # noqa: ARG004
        """Return empty strings: engineering data has no program and goes through a single lane."""
        return "", ""

    def add(self, record: EngineeringRecord, nodes: Nodes) -> None:
        """Collect a time span."""
        name = f"{record.mnemonic}|{record.t_min!r}|{record.t_max!r}"
        self._rows.append({"name": name, **asdict(record)})
        nodes.size += 1

    def compare(self, stored: Stored, changes: Changes) -> None:
        """Add the time spans; no program depends on them."""
        changes.add("engineering", stored.other("engineering", self._rows), (), label="EngineeringData")
