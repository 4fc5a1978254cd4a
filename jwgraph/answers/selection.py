"""Select the files of Observations, each file once."""

from __future__ import annotations

from collections.abc import Callable, Iterable

from jwgraph.answers import products, resolve
from jwgraph.answers.products import ProductRow
from jwgraph.model.vocabulary import RELATIONS, Family, Relation, Selection
from jwgraph.store.graph import Graph


def select(graph: Graph, obs_ids: Iterable[str], what: Selection) -> list[ProductRow]:
    """Return the files of Observations, in the order given; a shared file is returned once, at its first place.

    Parameters
    ----------
    what
        `mrp` and `tree`: as the commands of these names; `own`: the files that the Observation itself owns;
        `linked`: the files of the tree that MAST's page *Data Product Linkages* calls linked (previews, guide-star
        data, MSA files, images of a table of links); `lineage`: the Observation's own files without previews, and
        all files they were made from.

    Raises
    ------
    NotFoundError
        One of the Observations is not in the store.
    """
    found: dict[str, ProductRow] = {}
    for obs_id in dict.fromkeys(resolve.key(each) for each in obs_ids):
        for row in _OF[what](graph, obs_id):
            known = found.get(row.productFilename)
            # A file that is recommended for one of the Observations is recommended in the selection.
            if known is None or (row.mrp and not known.mrp):
                found[row.productFilename] = row
    return list(found.values())


def _own(graph: Graph, obs_id: str) -> list[ProductRow]:
    return [row for row in products.tree(graph, obs_id) if row.obs_id == obs_id]


def _linked(graph: Graph, obs_id: str) -> list[ProductRow]:
    return [row for row in products.tree(graph, obs_id) if RELATIONS[Relation(row.relation)].family is Family.LINKED]


def _lineage(graph: Graph, obs_id: str) -> list[ProductRow]:
    own = [row for row in _own(graph, obs_id) if row.relation != Relation.PREVIEW]
    known = {row.productFilename for row in own}
    made_of = graph.read("internal/export_lineage", obs_id=obs_id)
    # Recommended products are always owned by the Observation.
    return own + [ProductRow(**row, mrp=False) for row in made_of if row["productFilename"] not in known]


_OF: dict[Selection, Callable[[Graph, str], list[ProductRow]]] = {
    Selection.MRP: products.mrp,
    Selection.TREE: products.tree,
    Selection.OWN: _own,
    Selection.LINKED: _linked,
    Selection.LINEAGE: _lineage,
}
