"""`LinkRecord`: a link that is not shown by file names."""

from __future__ import annotations

from operator import itemgetter

from jwgraph.model.records import LinkRecord
from jwgraph_loaders.write.kind import Kind
from jwgraph_loaders.write.nodes import Nodes, Row
from jwgraph_loaders.write.transaction import Transaction


class Links(Kind[LinkRecord]):
    """Collect links; the statement merges identical ones."""

    def __init__(self) -> None:
        self._rows: list[Row] = []

    @staticmethod
    def key(record: LinkRecord) -> tuple[str, str]:
        """Return the file that is linked."""
        return record.name.filename, record.name.program

    def add(self, record: LinkRecord, nodes: Nodes) -> None:
        """Collect a link; whoever made the table has seen the file that is linked."""
        nodes.product(record.name, seen=True, owned=record.name.form != "plain")
        if record.target is not None:
            nodes.product(record.target, owned=record.target.form != "plain")
            linked_to, to = record.target.filename, "file"
        else:
            linked_to, to = nodes.observation(record.linked_to).obs_id, "dataset"
        row = {"filename": record.name.filename, "linked_to": linked_to, "to": to, "relation": record.relation}
        self._rows.append(row)
        nodes.size += 1

    def write(self, transaction: Transaction) -> None:
        """Write the links."""
        transaction.run("links", sorted(self._rows, key=itemgetter("linked_to", "filename")), edge="LINKED_TO")
