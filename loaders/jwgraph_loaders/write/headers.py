"""`HeaderRecord`: the primary header of a FITS file, which records what the file was made from."""

from __future__ import annotations

from collections.abc import Iterator
from typing import NamedTuple

from jwgraph.model.records import HEADER_CARDS, HeaderRecord
from jwgraph.names.grammar import Name, parse
from jwgraph.names.identifiers import makes_level3
from jwgraph_loaders.write.kind import Kind
from jwgraph_loaders.write.nodes import Nodes
from jwgraph_loaders.write.ranks import content_digest, rank_of, version_key
from jwgraph_loaders.write.references import add_references, by_reference, reference_row
from jwgraph_loaders.write.rows import Row
from jwgraph_loaders.write.transaction import Changes, Stored


class _Header(NamedTuple):
    """A header with its properties, including the rank from `header_properties`."""

    record: HeaderRecord
    properties: Row

    @property
    def filename(self) -> str:
        """The file."""
        return self.record.name.filename

    @property
    def rank(self) -> str:
        """Rank among the headers of one file."""
        return str(self.properties["header_rank"])


class Headers(Kind[HeaderRecord]):
    """Collect all headers of each file; the newest is written."""

    def __init__(self) -> None:
        self._records: dict[str, list[HeaderRecord]] = {}

    @staticmethod
    def key(record: HeaderRecord) -> tuple[str, str]:
        """Return the file."""
        return record.name.filename, record.name.program

    def add(self, record: HeaderRecord, nodes: Nodes) -> None:
        """Collect a header; its file was seen on disk, or the archive lists it."""
        nodes.product(record.name, archived=not record.seen, seen=record.seen)
        self._records.setdefault(record.name.filename, []).append(record)
        if record.association is not None:
            nodes.product(record.association, label="Association")
            nodes.share(record.association.program, record.name.program)
        if record.pool is not None:
            nodes.product(record.pool, label="Pool")
        if record.msa is not None:
            nodes.product(record.msa)
        nodes.size += 1 + len(record.references)

    def compare(self, stored: Stored, changes: Changes) -> None:
        """Add the newest header of each file, and the reference files and pools named by any header."""
        if not self._records:
            return
        known = stored.ranks("header_ranks", sorted(self._records))
        every = [record for records in self._records.values() for record in records]
        names = sorted({reference for record in every for _, reference in record.references})
        add_references(stored, changes, names)
        pools = {(r.association.filename, r.pool.filename) for r in every if r.association and r.pool}
        rows = [{"filename": asn, "pool": pool, "basis": "header"} for asn, pool in sorted(pools)]
        changed = stored.other("pools", rows)
        changes.add("pools", changed, (parse(row["filename"]).program for row in changed), edge="FROM_POOL")
        newest = [_newest(self._records[filename]) for filename in sorted(self._records)]
        ranks = {filename: row["header_rank"] for filename, row in known.items()}
        winners = [header for header in newest if header.rank > ranks.get(header.filename, "")]
        replaced = [header.filename for header in winners if header.filename in ranks]
        changes.add("header_clear", replaced, ())
        _add_winners(changes, winners)


def _newest(records: list[HeaderRecord]) -> _Header:
    return max((_Header(record, header_properties(record)) for record in records), key=lambda header: header.rank)


def _add_winners(changes: Changes, winners: list[_Header]) -> None:
    rows = [{"filename": header.filename, "properties": header.properties} for header in winners]
    programs = {header.record.name.program for header in winners}
    changes.add("headers", rows, programs, now=changes.now)
    records = [header.record for header in winners]
    references = by_reference([row for record in records for row in _reference_rows(record)])
    changes.add("header_references", references, programs, edge="CALIBRATED_WITH")
    associations = [_association_row(record.name, record.association) for record in records if record.association]
    changes.add("header_associations", associations, programs, edge="PRODUCES")
    links = [{"filename": record.name.filename, "linked": record.msa.filename} for record in records if record.msa]
    changes.add("header_links", links, programs, edge="LINKED_TO")


def header_properties(record: HeaderRecord) -> Row:
    """Return the properties from a header; set all of them, so that a newer header replaces an older one entirely.

    A header wins over MAST's keywords; of each, the newest processing: by CAL_VER, then CRDS_CTX, then DATE (creation
    of the file).
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
    # The sign sorts before the digits that ranks of headers begin with.
    sign = "" if record.seen else "-"
    rank = sign + rank_of(*parts, content_digest([properties, record.references]))
    return properties | {"header_rank": rank}


def _reference_rows(record: HeaderRecord) -> Iterator[Row]:
    context = record.cards.get("crds_ctx")
    for keyword, reference in record.references:
        yield reference_row(record.name.filename, keyword, reference, context)


def _association_row(name: Name, association: Name) -> Row:
    # Stage 3 makes files of exposures too (crf): those stay at their own level.
    stage3 = makes_level3(association.asn_type) and name.form != "exposure"
    level = "3" if stage3 else name.product_level
    edge = {"product": name.obs_id, "obs_id": name.obs_id, "productLevel": level, "basis": "header"}
    return {"filename": name.filename, "asntable": association.filename, "edge": edge}
