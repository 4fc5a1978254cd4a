"""`HeaderRecord`: the primary header of a FITS file, and what it says the file was made from."""

from __future__ import annotations

from collections.abc import Iterator
from typing import NamedTuple

from jwgraph.model.records import HEADER_CARDS, HeaderRecord
from jwgraph.names.grammar import parse
from jwgraph_loaders.write.kind import Kind
from jwgraph_loaders.write.nodes import Nodes, Row
from jwgraph_loaders.write.ranks import content_digest, version_key
from jwgraph_loaders.write.references import by_reference, reference_row
from jwgraph_loaders.write.transaction import Transaction


class _Header(NamedTuple):
    """A header with its properties; the rank is that of `header_properties`."""

    record: HeaderRecord
    properties: Row

    @property
    def rank(self) -> str:
        """Rank among the headers of one file."""
        return str(self.properties["header_rank"])


class Headers(Kind[HeaderRecord]):
    """Collects every header of each file; the newest wins when it is written."""

    def __init__(self) -> None:
        self._records: dict[str, list[HeaderRecord]] = {}

    @staticmethod
    def key(record: HeaderRecord) -> tuple[str, str]:
        """Return the file."""
        name = parse(record.filename)
        return name.filename, name.program

    def add(self, record: HeaderRecord, nodes: Nodes) -> None:
        """Collect a header; the file is there, so it is archived."""
        name = parse(record.filename)
        nodes.product(name, archived=True)
        self._records.setdefault(record.filename, []).append(record)
        if record.asntable:
            association = parse(record.asntable)
            nodes.product(association, label="Association")
            nodes.share(association.program, name.program)
        if record.asnpool:
            nodes.product(parse(record.asnpool), label="Pool")
        if record.msametfl:
            nodes.product(parse(record.msametfl))
        nodes.size += 1 + len(record.references)

    def write(self, transaction: Transaction) -> None:
        """Write the newest header of each file; reference files and pools that any of them names are there too."""
        if not self._records:
            return
        stored = transaction.stored("header_ranks", sorted(self._records))
        every = [record for records in self._records.values() for record in records]
        names = sorted({reference for record in every for _, reference in record.references})
        transaction.run("reference_files", names, label="ReferenceFile")
        pools = {(record.asntable, record.asnpool) for record in every if record.asntable and record.asnpool}
        rows = [{"filename": asn, "pool": pool, "basis": "header"} for asn, pool in sorted(pools)]
        transaction.run("pools", rows, edge="FROM_POOL")
        newest = [_newest(self._records[filename]) for filename in sorted(self._records)]
        ranks = {filename: row["header_rank"] for filename, row in stored.items()}
        winners = [header for header in newest if header.rank > ranks.get(header.record.filename, "")]
        _write_winners(transaction, winners, [name for name in (w.record.filename for w in winners) if name in ranks])


def _newest(records: list[HeaderRecord]) -> _Header:
    return max((_Header(record, header_properties(record)) for record in records), key=lambda header: header.rank)


def _write_winners(transaction: Transaction, winners: list[_Header], replaced: list[str]) -> None:
    transaction.clear("header_clear", replaced)
    rows = [{"filename": header.record.filename, "properties": header.properties} for header in winners]
    transaction.run("headers", rows, now=transaction.now)
    records = [header.record for header in winners]
    references = by_reference([row for record in records for row in _reference_rows(record)])
    transaction.run("header_references", references, edge="CALIBRATED_WITH")
    associations = [_association_row(record, record.asntable) for record in records if record.asntable]
    transaction.run("header_associations", associations, edge="PRODUCES")
    links = [{"filename": record.filename, "linked": record.msametfl} for record in records if record.msametfl]
    transaction.run("header_links", links, edge="LINKED_TO")


def header_properties(record: HeaderRecord) -> Row:
    """Return the properties that a header gives; all are set, so that a newer one leaves nothing of an older.

    The newest processing wins: by CAL_VER, then CRDS_CTX, then DATE (when the file was made).
    """
    cards = {card.lower(): record.cards.get(card.lower()) for card in HEADER_CARDS}
    properties = cards | {
        "asntable": record.asntable,
        "asnpool": record.asnpool,
        "msametfl": record.msametfl,
        "t_min": record.t_min,
        "t_max": record.t_max,
        "proposal_id": record.program or None,
    }
    parts = (version_key(cards["cal_ver"] or ""), cards["crds_ctx"] or "", cards["date"] or "")
    rank = "|".join((*parts, content_digest([properties, record.references])))
    return properties | {"header_rank": rank}


def _reference_rows(record: HeaderRecord) -> Iterator[Row]:
    context = record.cards.get("crds_ctx")
    for keyword, reference in record.references:
        yield reference_row(record.filename, keyword, reference, context)


def _association_row(record: HeaderRecord, asntable: str) -> Row:
    name = parse(record.filename)
    # Stage 3 makes files of exposures too (crf): those stay at their own stage.
    stage3 = parse(asntable).asn_type.endswith("3") and name.form != "exposure"
    stage = "3" if stage3 else name.stage
    edge = {"product": name.dataset, "obs_id": name.dataset, "productLevel": stage, "basis": "header"}
    return {"filename": record.filename, "asntable": asntable, "edge": edge}
