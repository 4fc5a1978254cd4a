"""`PoolRow`: an exposure listed in an association pool."""

from __future__ import annotations

from jwgraph.model.records import PoolRow
from jwgraph.names.grammar import parse
from jwgraph_loaders.write.kind import Kind
from jwgraph_loaders.write.nodes import Nodes
from jwgraph_loaders.write.ranks import content_digest
from jwgraph_loaders.write.rows import Row
from jwgraph_loaders.write.transaction import Changes, Stored


class PoolRows(Kind[PoolRow]):
    """Collects one row for each pool and file: that of the greatest rank."""

    def __init__(self) -> None:
        self._rows: dict[tuple[str, str], Row] = {}

    @staticmethod
    def key(record: PoolRow) -> tuple[str, str]:
        """Return the pool: all its rows make edges at its node, and side by side would wait for each other."""
        return record.pool_name.filename, record.pool_name.program

    def add(self, record: PoolRow, nodes: Nodes) -> None:
        """Collect a row; it says that the exposure is planned, not that its file is there."""
        nodes.product(record.pool_name, label="Pool")
        nodes.product(record.name)
        row = pool_row(record)
        key = (row["pool"], row["filename"])
        if row["rank"] > self._rows.setdefault(key, row)["rank"]:
            self._rows[key] = row
        nodes.size += 1

    def compare(self, stored: Stored, changes: Changes) -> None:
        """Add the exposures listed in the pools, and that the content of these pools is loaded."""
        loaded = stored.other("pools_loaded", sorted({pool for pool, _ in self._rows}))
        changes.add("pools_loaded", loaded, (parse(pool).program for pool in loaded))
        rows = stored.other("plans", [self._rows[key] for key in sorted(self._rows)])
        programs = {parse(row[name]).program for row in rows for name in ("pool", "filename")}
        changes.add("plans", rows, programs, edge="PLANS")


def pool_row(record: PoolRow) -> Row:
    """Return a row of `write/plans`: the pool's columns on the edge."""
    edge: Row = {"asn_candidate": list(record.asn_candidate), "program": record.program or None, **record.columns}
    rank = content_digest(edge)
    return {
        "pool": record.pool_name.filename,
        "filename": record.name.filename,
        "rank": rank,
        "edge": edge | {"rank": rank},
    }
