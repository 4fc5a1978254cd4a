"""Products of an Observation: the tree, the Minimum Recommended Products, a single product and its links."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import Annotated, ClassVar

from jwgraph.answers.notes import Answer, ask, whole
from jwgraph.answers.resolve import ask_of, require_product
from jwgraph.model.columns import (
    Archived,
    CalibLevel,
    Column,
    DataURI,
    Filename,
    Owner,
    ProductLevel,
    ProductType,
    Size,
)
from jwgraph.model.vocabulary import ROLE_RELATION, Exptype, Relation
from jwgraph.store.graph import Graph, Row


@dataclass(frozen=True, slots=True)
class FileRow:
    """A file, with MAST's columns."""

    productFilename: Filename
    obs_id: Owner | None
    productType: ProductType | None
    calib_level: CalibLevel | None
    dataURI: DataURI | None
    size: Size | None


@dataclass(frozen=True, slots=True)
class ProductRow(FileRow):
    """A file in a tree or list; with several owners, `obs_id` is the one nearest to the requested Observation."""

    COMMANDS: ClassVar = (
        "tree",
        "mrp",
    )

    mrp: Annotated[
        bool,
        Column("One of the Minimum Recommended Products of an Observation asked for", "meta.code", marked=True),
    ]
    relation: Annotated[str, Column("How the file belongs to the Observation asked for", "meta.code")]
    productLevel: ProductLevel | None
    archived: Archived


@dataclass(frozen=True, slots=True)
class LinkRow(FileRow):
    """A linked file, and the file or Observation it is linked to."""

    COMMANDS: ClassVar = ("links",)

    relation: Annotated[str, Column("What the link is", "meta.code")]
    productLevel: ProductLevel | None
    archived: Archived
    linked_to: Annotated[str, Column("File or Observation that it is linked to", "meta.id")]


@whole
def own_files(graph: Graph, *, include_exposures: bool = False, program: str = "*") -> dict[str, list[ProductRow]]:
    """Return the files that each Observation of `observations` owns and that are present, by obs_id."""
    found = {}
    for row in graph.read("internal/own_files", all=include_exposures, program=program):
        owner = {"obs_id": row["obs_id"], "own": True, "roles": []}
        files = [file | {"link": None} for file in row["files"]]
        found[row["obs_id"]] = [_tree_row(owner, file) for file in files]
    return found


def tree(graph: Graph, obs_id: str, *, mrp: bool = False) -> Answer[ProductRow]:
    """Return the products of one Observation; see `trees`."""
    (found,) = trees(graph, [obs_id], mrp=mrp).values()
    return found


@whole
def trees(
    graph: Graph, obs_ids: Iterable[str], *, mrp: bool = False, exposures: bool = True
) -> dict[str, Answer[ProductRow]]:
    """Return the products of Observations as the Download Manager lists them, each file once, by one query.

    Parameters
    ----------
    mrp
        Return only the Minimum Recommended Products, as with the Download Manager's box ticked.
    exposures
        Also return the products of the Observations that each includes.

    Returns
    -------
    dict
        The products of each Observation, by its key.

    Raises
    ------
    NotFoundError
        There is no such Observation.
    """
    found = ask_of(graph, "query/tree", "tree", obs_ids, exposures=exposures)
    every = {obs_id: _contents(owners).rows for obs_id, owners in found.items()}
    if not mrp:
        return every
    return {obs_id: Answer((row for row in rows if row.mrp), rows.notes) for obs_id, rows in every.items()}


@dataclass(frozen=True, slots=True)
class Contents:
    """The tree of an Observation, with the roles of the Observations that it includes.

    Attributes
    ----------
    expected
        Files of the tree that are not there: associations name them.
    """

    rows: Answer[ProductRow]
    roles: dict[str, tuple[str, ...]]
    expected: frozenset[str]


@whole
def contents(graph: Graph, obs_id: str) -> Contents:
    """Return the products of an Observation as in `tree`, with what a figure of it shows besides.

    Raises
    ------
    NotFoundError
        There is no such Observation.
    """
    (owners,) = ask_of(graph, "query/tree", "tree", [obs_id]).values()
    return _contents(owners)


def _contents(owners: Answer[Row]) -> Contents:
    rows: dict[str, ProductRow] = {}
    for owner in sorted(owners, key=lambda owner: (not owner["own"], owner["obs_id"])):
        for file in sorted(owner["files"], key=lambda f: (f["productLevel"] or "", f["productFilename"])):
            row = _tree_row(owner, file)
            known = rows.get(row.productFilename)
            # Ownership takes precedence over links, and the first owner is the nearest.
            if known is None or (known.obs_id is None and row.obs_id is not None):
                rows[row.productFilename] = row
    roles = {owner["obs_id"]: tuple(owner["roles"]) for owner in owners if not owner["own"]}
    expected = frozenset(f["productFilename"] for owner in owners for f in owner["files"] if not f["present"])
    return Contents(Answer(rows.values(), owners.notes), roles, expected)


def each_once(rows: Iterable[ProductRow]) -> list[ProductRow]:
    """Return rows of several Observations, each file at its first place; recommended if it is so for one of them."""
    found: dict[str, ProductRow] = {}
    for row in rows:
        known = found.get(row.productFilename)
        if known is None or (row.mrp and not known.mrp):
            found[row.productFilename] = row
    return list(found.values())


def _tree_row(owner: Row, file: Row) -> ProductRow:
    return ProductRow(
        productFilename=file["productFilename"],
        obs_id=None if file["link"] else owner["obs_id"],
        productType=file["productType"],
        calib_level=file["calib_level"],
        dataURI=file["dataURI"],
        size=file["size"],
        mrp=file["mrp"],
        relation=_tree_relation(owner, file),
        productLevel=file["productLevel"],
        archived=file["archived"],
    )


_OF_FORM = {
    "guide_star": Relation.GUIDE_STAR,
    "msa": Relation.MSA,
    "association": Relation.ASSOCIATION,
    "pool": Relation.ASSOCIATION,
}


def _tree_relation(owner: Row, file: Row) -> str:
    """Return how a file of a tree belongs to the Observation; see `jwgraph.model.vocabulary.RELATIONS`."""
    if file["link"]:
        return str(file["link"])
    if file["productType"] == "PREVIEW":
        return Relation.PREVIEW
    if file["form"] in _OF_FORM:
        return _OF_FORM[file["form"]]
    return Relation.OWN if owner["own"] else role_relation(owner["roles"])


def role_relation(roles: Sequence[str]) -> Relation:
    """Return the relation of an included exposure from its roles; without roles, it is an input of the Observation."""
    if not roles or Exptype.SCIENCE in roles:
        return Relation.ANTECEDENT
    if set(roles) <= {Exptype.TARGET_ACQUISITION}:
        return Relation.PREREQUISITE
    known = [ROLE_RELATION[Exptype(role)] for role in roles if role in set(ROLE_RELATION)]
    return Relation.CALIBRATION if Relation.CALIBRATION in known else Relation.ANTECEDENT


def mrp(graph: Graph, obs_id: str) -> Answer[ProductRow]:
    """Return the Minimum Recommended Products of one Observation; see `recommended`."""
    (found,) = recommended(graph, [obs_id]).values()
    return found


@whole
def recommended(graph: Graph, obs_ids: Iterable[str]) -> dict[str, Answer[ProductRow]]:
    """Return the Minimum Recommended Products of Observations, sorted by name, by one query.

    Returns
    -------
    dict
        The products of each Observation, by its key.

    Raises
    ------
    NotFoundError
        There is no such Observation.
    """
    found = ask_of(graph, "query/mrp", "obs_id", obs_ids)
    return {obs_id: Answer(map(_mrp_row, rows), rows.notes) for obs_id, rows in found.items()}


def _mrp_row(row: Row) -> ProductRow:
    owner = {"obs_id": row["obs_id"], "own": True, "roles": []}
    relation = _tree_relation(owner, {"link": None, "productType": row["productType"], "form": row.pop("form")})
    row.pop("mast_mrp")
    return ProductRow(**row, relation=relation)


@whole
def links(graph: Graph, filename: str) -> Answer[LinkRow]:
    """Return the files linked to a file or its Observation, and those that the file is linked to.

    Raises
    ------
    NotFoundError
        There is no such product.
    """
    found = ask(graph, "query/links", filename=filename)
    if not found:
        return Answer(notes=require_product(graph, filename).notes)
    return Answer((LinkRow(**row) for row in found), found.notes)


def product(graph: Graph, filename: str) -> Row:
    """Return everything known about a product: its properties, owners, associations, and edge counts.

    Raises
    ------
    NotFoundError
        There is no such product.
    """
    return require_product(graph, filename)[0]
