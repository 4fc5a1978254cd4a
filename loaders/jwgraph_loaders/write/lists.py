"""`ListRecord`: the complete product list of an Observation at a time."""

from __future__ import annotations

from jwgraph.model.records import ListRecord
from jwgraph.names.grammar import parse_root
from jwgraph_loaders.write.kind import Kind
from jwgraph_loaders.write.nodes import Nodes
from jwgraph_loaders.write.transaction import Changes, Stored


class Lists(Kind[ListRecord]):
    """Collect the time of the newest list of each Observation."""

    def __init__(self) -> None:
        self._newest: dict[str, int] = {}

    @staticmethod
    def key(record: ListRecord) -> tuple[str, str]:
        """Return the identifier and program of the Observation."""
        return record.obs_id, parse_root(record.obs_id).program

    def add(self, record: ListRecord, nodes: Nodes) -> None:
        """Collect a list; the Observation is known by it even if the list is empty."""
        obs_id = nodes.observation(record.obs_id).obs_id
        self._newest[obs_id] = max(record.at, self._newest.get(obs_id, 0))
        nodes.size += 1

    def compare(self, stored: Stored, changes: Changes) -> None:
        """Add the times of the lists."""
        rows = [{"obs_id": obs_id, "at": self._newest[obs_id]} for obs_id in sorted(self._newest)]
        changed = stored.other("lists", rows)
        changes.add("lists", changed, (parse_root(row["obs_id"]).program for row in changed))
