"""DataLink of one file, and of what is not there; `jwgraph.export.datalink` has those of Observations."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from typing import Any

from jwgraph import settings
from jwgraph.answers.calibration import ReferenceRow, references
from jwgraph.answers.lineage import LineageRow, lineage
from jwgraph.answers.notes import Answer
from jwgraph.answers.products import FileRow, LinkRow, links
from jwgraph.answers.resolve import require_product
from jwgraph.errors import JwgraphError, NotFoundError
from jwgraph.export.datalink import (
    AUXILIARY,
    CALIBRATION,
    DERIVATION,
    ORDER,
    PREVIEW,
    PROGENITOR,
    THIS,
    Link,
    made_link,
)
from jwgraph.model.vocabulary import Relation
from jwgraph.names.grammar import parse
from jwgraph.store.graph import Graph, Row


def links_of_file(graph: Graph, filename: str) -> Answer[Link]:
    """Return the links of one file, each file once, sorted by their semantics, then by name.

    `#this`: the file. `#progenitor` and `#derivation`: what it was made from and went into, directly or indirectly.
    `#preview` and `#auxiliary`: what is linked to it, and its association. `#calibration`: reference files.

    Raises
    ------
    NotFoundError
        There is no such file.
    """
    product = require_product(graph, filename)
    up, down = (lineage(graph, filename, up=up) for up in (True, False))
    linked = links(graph, filename)
    notes = (*product.notes, *up.notes, *down.notes, *linked.notes)
    found: dict[str, tuple[int, Row]] = {}
    for semantics, row in _rows(product[0], up, down, linked, _references(graph, filename)):
        rank = ORDER.index(semantics)
        if row["productFilename"] not in found or rank < found[row["productFilename"]][0]:
            found[row["productFilename"]] = (rank, row)
    base = settings.mast()
    ordered = sorted(found.items(), key=lambda item: (item[1][0], item[0]))
    return Answer((made_link(filename, ORDER[rank], row, base) for _, (rank, row) in ordered), notes)


def _rows(
    product: Row,
    up: Iterable[LineageRow],
    down: Iterable[LineageRow],
    linked: Iterable[LinkRow],
    applied: Iterable[ReferenceRow],
) -> Iterator[tuple[str, Row]]:
    own = product["properties"]
    mine = {"dataURI": own.get("dataURI"), "size": own.get("size"), "archived": bool(own.get("archived"))}
    yield THIS, _row(product["productFilename"], "own", **mine, dataRights=own.get("dataRights"))
    for semantics, rows in ((PROGENITOR, up), (DERIVATION, down)):
        for each in rows:
            yield semantics, _of_file(each, [each.relation], each.role.split(";"), archived=each.archived)
    for link in linked:
        of_preview = link.relation == Relation.PREVIEW
        yield (PREVIEW if of_preview else AUXILIARY), _of_file(link, [link.relation], [], archived=link.archived)
    for made in product["produced_by"]:
        yield AUXILIARY, _row(made["association"], "own", archived=True, relations=["association"])
    for reference in applied:
        card = [reference.keyword]
        yield CALIBRATION, _row(reference.reference, "applied", archived=True, relations=["reference"], roles=card)


def _references(graph: Graph, filename: str) -> Answer[ReferenceRow]:
    try:
        return references(graph, filename)
    except NotFoundError:
        # No header of it is loaded; the notes of its lineage and the page of its references say so.
        return Answer()


def _of_file(row: FileRow, relations: list[str], roles: list[str], *, archived: bool) -> Row:
    about = {"dataURI": row.dataURI, "size": row.size, "archived": archived}
    return _row(row.productFilename, "file", **about, relations=relations, roles=roles)


def _row(name: str, way: str, **values: Any) -> Row:
    empty: Row = {"dataURI": None, "size": None, "dataRights": None, "relations": [], "roles": []}
    return {**empty, "productFilename": name, "way": way, "suffix": parse(name).suffix, **values}


def fault(given: str, error: JwgraphError) -> Link:
    """Return the row that says why there are no links of an identifier; DataLink 1.1, section 3.4."""
    kind = "NotFoundFault" if isinstance(error, NotFoundError) else "UsageFault"
    names = ("access_url", "service_def", "local_semantics", "description", "content_type", "content_qualifier")
    return Link(
        ID=given,
        error_message=f"{kind}: {error}",
        semantics=THIS,
        content_length=None,
        link_auth="",
        **dict.fromkeys(names, ""),
    )
