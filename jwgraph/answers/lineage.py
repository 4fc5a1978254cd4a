"""Lineage of a product, and impact of a file: which files were made from which."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Annotated, ClassVar

from jwgraph.answers.products import FileRow
from jwgraph.answers.resolve import (
    first_answer,
    key,
    require_any,
    require_product,
)
from jwgraph.model.columns import Archived, CalibLevel, Column, Depth, ProductLevel, Recommended
from jwgraph.model.vocabulary import Relation
from jwgraph.names.identifiers import CRDS_SCHEME
from jwgraph.store.graph import Graph, Row


@dataclass(frozen=True, slots=True)
class LineageRow(FileRow):
    """A file that the product was made from, or that was made from it."""

    COMMANDS: ClassVar = ("lineage",)

    recommended: Recommended
    relation: Annotated[str, Column("What the file was to the one that was made of it", "meta.code")]
    productLevel: ProductLevel | None
    archived: Archived
    depth: Depth
    role: Annotated[str, Column("Role (exptype) in which it came in; several are joined by ;", "meta.code")]
    association: Annotated[str, Column("Association file; several are joined by ;", "meta.id;meta.file")]


def lineage(graph: Graph, filename: str, *, up: bool, roles: Iterable[str] = ()) -> list[LineageRow]:
    """Return the files that a product was made from (up) or that were made from it (down), nearest first, each once.

    Parameters
    ----------
    roles
        Only files used in one of these roles (`exptype`); all files if empty.

    Raises
    ------
    NotFoundError
        There is no such product.
    """
    found = graph.read(f"query/lineage_{'up' if up else 'down'}", filename=filename)
    if not found:
        require_product(graph, filename)
    depth_of = {row["productFilename"]: row["depth"] for row in found} | {filename: 0}
    rows = [_lineage_row(row, depth_of) for row in found]
    wanted = set(roles)
    return [row for row in rows if not wanted or wanted & set(row.role.split(";"))]


def _lineage_row(row: Row, depth_of: dict[str, int]) -> LineageRow:
    # The query returns every edge of a file; edges of the shortest path come from files one step nearer.
    via = [e for e in row.pop("via") if depth_of.get(e["file"]) == row["depth"] - 1]
    relations = sorted({e["relation"] for e in via})
    return LineageRow(
        **row,
        relation=relations[0] if relations else Relation.ANTECEDENT,
        role=";".join(sorted({e["role"] for e in via})),
        association=";".join(sorted({e["asn"] for e in via if e["asn"]})),
    )


@dataclass(frozen=True, slots=True)
class ImpactRow:
    """A product made from the given file or files, or, after all products, an Observation without a file name.

    An Observation has the depth of its nearest product and is recommended if one of its products is.
    """

    COMMANDS: ClassVar = ("impact",)

    productFilename: Annotated[
        str | None, Column("Name of the file in the archive; empty of an Observation", "meta.id;meta.file")
    ]
    obs_id: Annotated[str | None, Column("Observation, or the one that owns the file", "meta.id")]
    calib_level: CalibLevel | None
    recommended: Recommended
    depth: Depth


@dataclass(frozen=True, slots=True)
class Impact:
    """The rows of an impact answer, and the total size in bytes of all products and of the recommended ones."""

    rows: list[ImpactRow]
    size: int
    recommended_size: int


def impact(graph: Graph, name: str) -> list[ImpactRow]:
    """Return the rows of `measured_impact`."""
    return measured_impact(graph, name).rows


def measured_impact(graph: Graph, name: str) -> Impact:
    """Return everything made from a reference file, a file or an Observation's files: products, then Observations.

    Parameters
    ----------
    name
        `crds://…` with or without the scheme, a file name, or an obs_id.

    Raises
    ------
    NotFoundError
        No file or Observation has this name, or no product is known to have used the reference file.
    """
    spellings = (name, f"{CRDS_SCHEME}{name.removeprefix(CRDS_SCHEME)}", key(name))
    found = first_answer(graph, "query/impact", spellings)
    if not found:
        require_any(graph, name)
    products = [
        ImpactRow(row["productFilename"], row["obs_id"], row["calib_level"], row["recommended"], row["depth"])
        for row in found
    ]
    above: dict[str, ImpactRow] = {}
    for row in found:
        for owner in row["observations"]:
            known = above.get(owner["obs_id"])
            # Products come nearest first.
            depth = row["depth"] if known is None else known.depth
            recommended = row["recommended"] or (known is not None and known.recommended)
            above[owner["obs_id"]] = ImpactRow(None, owner["obs_id"], owner["calib_level"], recommended, depth)
    return Impact(
        rows=products + sorted(above.values(), key=lambda row: (row.depth, str(row.obs_id))),
        size=sum(row["size"] or 0 for row in found),
        recommended_size=sum(row["size"] or 0 for row in found if row["recommended"]),
    )
