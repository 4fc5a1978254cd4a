"""`LinkRecord`: a link that is not shown by file names."""

from __future__ import annotations

from operator import itemgetter

from jwgraph.model.records import LinkRecord
from jwgraph.names.grammar import parse, parse_root
from jwgraph_loaders.write.kind import Kind
from jwgraph_loaders.write.nodes import Nodes
from jwgraph_loaders.write.rows import Row
from jwgraph_loaders.write.transaction import Changes, Stored


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

    def compare(self, stored: Stored, changes: Changes) -> None:
        """Add the links."""
        rows = stored.other("links", sorted(self._rows, key=itemgetter("linked_to", "filename")))
        changes.add("links", rows, {program for row in rows for program in _programs(row)}, edge="LINKED_TO")


def _programs(row: Row) -> tuple[str, str]:
    to = parse(row["linked_to"]) if row["to"] == "file" else parse_root(row["linked_to"])
    return parse(row["filename"]).program, to.program
