"""`LinkRecord`: a link that no name shows."""

from __future__ import annotations

from operator import itemgetter

from jwgraph.model.records import LinkRecord
from jwgraph.names.grammar import parse
from jwgraph_loaders.write.kind import Kind
from jwgraph_loaders.write.nodes import Nodes, Row
from jwgraph_loaders.write.transaction import Transaction


class Links(Kind[LinkRecord]):
    """Collects links; the statement merges those that are the same."""

    def __init__(self) -> None:
        self._rows: list[Row] = []

    @staticmethod
    def key(record: LinkRecord) -> tuple[str, str]:
        """Return the file that is linked."""
        name = parse(record.productFilename)
        return name.filename, name.program

    def add(self, record: LinkRecord, nodes: Nodes) -> None:
        """Collect a link; the file that is linked is there."""
        name = parse(record.productFilename)
        nodes.product(name, archived=True, owned=name.form != "plain")
        row = {"filename": record.productFilename, "linked_to": record.linked_to, "relation": record.relation}
        # Files have an extension, Observations have none.
        if "." in record.linked_to:
            target = parse(record.linked_to)
            nodes.product(target, owned=target.form != "plain")
            self._rows.append(row | {"to": "file"})
        else:
            owner = nodes.observation(record.linked_to)
            self._rows.append(row | {"linked_to": owner.obs_id, "to": "dataset"})
        nodes.size += 1

    def write(self, transaction: Transaction) -> None:
        """Write the links."""
        transaction.run("links", sorted(self._rows, key=itemgetter("linked_to", "filename")), edge="LINKED_TO")
