"""Small associations and product rows, written as a test reads best."""

from __future__ import annotations

from hashlib import sha256

from jwgraph.model.records import AsnProduct, AssociationRecord, Member, ProductRecord
from jwgraph_loaders.base import Source

PROGRAM = "02733"
STAMP = "20220710t161010"


def asn(
    filename: str,
    asn_type: str,
    products: dict[str, dict[str, str]],
    *,
    version_id: str = STAMP,
    asn_id: str = "o001",
    program: str = PROGRAM,
) -> AssociationRecord:
    """Return an association; `products` maps a product name to its members, each with its exptype."""
    made = tuple(
        AsnProduct(name, tuple(Member(member, member, exptype) for member, exptype in members.items()))
        for name, members in products.items()
    )
    return AssociationRecord(
        filename=filename,
        sha256=sha256(repr((asn_type, version_id, products)).encode()).hexdigest(),
        products=made,
        asn_type=asn_type,
        asn_id=asn_id,
        version_id=version_id,
        program=program,
        asn_pool=f"jw{program}_{STAMP}_pool.csv",
    )


def archived(*filenames: str) -> list[ProductRecord]:
    """Return what a list of file names gives."""
    return [ProductRecord(filename) for filename in filenames]


def text_source(name: str, text: str) -> Source:
    """Return a source made of text."""
    return Source.from_bytes(name, text.encode())
