"""`PoolRow`: an exposure that an association pool lists."""

from __future__ import annotations

from jwgraph.model.records import PlanRecord
from jwgraph.names.grammar import parse
from jwgraph_loaders.write.kind import Kind
from jwgraph_loaders.write.nodes import Nodes, Row
from jwgraph_loaders.write.ranks import content_digest
from jwgraph_loaders.write.transaction import Transaction


class PoolRows(Kind[PlanRecord]):
    """Collects one row for each pool and file: that of the greatest rank."""

    def __init__(self) -> None:
        self._rows: dict[tuple[str, str], Row] = {}

    @staticmethod
    def key(record: PlanRecord) -> tuple[str, str]:
        """Return the pool: all its rows make edges at its node, and side by side would wait for each other."""
        name = parse(record.pool)
        return name.filename, name.program

    def add(self, record: PlanRecord, nodes: Nodes) -> None:
        """Collect a row; it says that the exposure is planned, not that its file is there."""
        nodes.product(parse(record.pool), label="Pool")
        nodes.product(parse(record.filename))
        row = pool_row(record)
        known = self._rows.setdefault((record.pool, record.filename), row)
        if row["rank"] > known["rank"]:
            self._rows[record.pool, record.filename] = row
        nodes.size += 1

    def write(self, transaction: Transaction) -> None:
        """Write which exposures the pools list."""
        transaction.run("plans", [self._rows[key] for key in sorted(self._rows)], edge="PLANS")


def pool_row(record: PlanRecord) -> Row:
    """Return a row of `write/plans`: the pool's columns on the edge."""
    edge: Row = {"asn_candidate": list(record.asn_candidate), "program": record.program or None, **record.columns}
    rank = content_digest(edge)
    return {"pool": record.pool, "filename": record.filename, "rank": rank, "edge": edge | {"rank": rank}}
