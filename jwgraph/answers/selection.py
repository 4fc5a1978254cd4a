"""Select the files of Observations, each file once."""

from __future__ import annotations

from collections.abc import Callable, Iterable

from jwgraph.answers import products, resolve
from jwgraph.answers.inputs import inputs
from jwgraph.answers.notes import Answer, Note, ask, whole
from jwgraph.answers.products import ProductRow
from jwgraph.model.vocabulary import RELATIONS, Family, InputLevel, Relation, Selection
from jwgraph.store.graph import Graph


@whole
def select(graph: Graph, obs_ids: Iterable[str], what: Selection) -> Answer[ProductRow]:
    """Return the files of Observations, in the order given; a shared file is returned once, at its first place.

    Parameters
    ----------
    what
        `mrp` and `tree`: as the commands of these names; `own`: the files that the Observation itself owns;
        `linked`: the files of the tree that MAST's page *Data Product Linkages* calls linked (previews, guide-star
        data, MSA files, images of a table of links); `lineage`: the Observation's own files without previews, and
        all files they were made from; `inputs`: the association that makes it, with its members.

    Raises
    ------
    NotFoundError
        One of the Observations is not in the store.
    """
    found: list[ProductRow] = []
    notes: list[Note] = []
    for obs_id in dict.fromkeys(resolve.key(each) for each in obs_ids):
        rows = _OF[what](graph, obs_id)
        notes += rows.notes
        found += rows
    return Answer(products.each_once(found), notes)


def _own(graph: Graph, obs_id: str) -> Answer[ProductRow]:
    tree = products.tree(graph, obs_id)
    return Answer((row for row in tree if row.obs_id == obs_id), tree.notes)


def _linked(graph: Graph, obs_id: str) -> Answer[ProductRow]:
    tree = products.tree(graph, obs_id)
    return Answer((row for row in tree if RELATIONS[Relation(row.relation)].family is Family.LINKED), tree.notes)


def _lineage(graph: Graph, obs_id: str) -> Answer[ProductRow]:
    own = _own(graph, obs_id)
    files = [row for row in own if row.relation != Relation.PREVIEW]
    known = {row.productFilename for row in files}
    made_of = ask(graph, "internal/export_lineage", obs_id=obs_id)
    notes = (made_of or ask(graph, "internal/known_here", name=obs_id)).notes
    # Recommended products are always owned by the Observation.
    rows = [ProductRow(**row, mrp=False) for row in made_of if row["productFilename"] not in known]
    return Answer(files + rows, (*own.notes, *notes))


def _inputs(graph: Graph, obs_id: str) -> Answer[ProductRow]:
    return inputs(graph, [obs_id], InputLevel.CAL).files


_OF: dict[Selection, Callable[[Graph, str], Answer[ProductRow]]] = {
    Selection.MRP: products.mrp,
    Selection.TREE: products.tree,
    Selection.OWN: _own,
    Selection.LINKED: _linked,
    Selection.LINEAGE: _lineage,
    Selection.INPUTS: _inputs,
}
