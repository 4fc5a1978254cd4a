"""`ReferenceRecord`: a calibration reference file applied to a product, according to a table."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from operator import itemgetter

from neo4j import ManagedTransaction

from jwgraph.model.records import ReferenceRecord
from jwgraph.names.grammar import parse
from jwgraph_loaders.write.kind import Kind
from jwgraph_loaders.write.nodes import Nodes
from jwgraph_loaders.write.rows import Row
from jwgraph_loaders.write.transaction import Changes, Stored


class References(Kind[ReferenceRecord]):
    """Collect pairs of product and reference file; the statement keeps the highest context."""

    def __init__(self) -> None:
        self._rows: list[Row] = []

    @staticmethod
    def key(record: ReferenceRecord) -> tuple[str, str]:
        """Return the product."""
        return record.name.filename, record.name.program

    def add(self, record: ReferenceRecord, nodes: Nodes) -> None:
        """Collect a row; that a reference file was applied does not say that the product is there."""
        nodes.product(record.name)
        self._rows.append(reference_row(record.name.filename, record.keyword, record.reference, record.context))
        nodes.size += 1

    def compare(self, stored: Stored, changes: Changes) -> None:
        """Add the reference files and their links to products."""
        rows = stored.other("references", by_reference(self._rows))
        programs = (parse(row["filename"]).program for row in rows)
        changes.add("references", rows, programs, label="ReferenceFile", edge="CALIBRATED_WITH")


def write_references(tx: ManagedTransaction, names: Sequence[str], now: int) -> tuple[Counter[str], Counter[str]]:
    """Write reference files before all that name them; return the numbers of `Changes.write`."""
    changes = Changes(now)
    add_references(Stored(tx), changes, names)
    return changes.write(tx)


def add_references(stored: Stored, changes: Changes, names: Sequence[str]) -> None:
    """Add the reference files that are new, of sorted names."""
    changes.add("reference_files", stored.other("reference_files", list(names)), (), label="ReferenceFile")


def reference_row(filename: str, keyword: str, reference: str, context: str | None) -> Row:
    """Return a row of `write/references` or `write/header_references`."""
    return {"filename": filename, "keyword": keyword, "reference": reference, "context": context}


def by_reference(rows: list[Row]) -> list[Row]:
    """Sort rows by reference file, since transactions share those nodes."""
    return sorted(rows, key=itemgetter("reference", "filename", "keyword"))
