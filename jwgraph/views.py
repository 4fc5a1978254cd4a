"""Typed answers: each function asks named queries and returns rows whose fields are the columns of the contract."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import Any

from jwgraph.errors import NotFoundError
from jwgraph.graph import Graph
from jwgraph.model import ROLE_RELATION, Exptype, Relation
from jwgraph.names import parse_root

Row = dict[str, Any]


@dataclass(frozen=True, slots=True)
class ProductRow:
    """A file in a tree or list: MAST's columns, then ours.

    Attributes
    ----------
    obs_id
        The dataset that owns the file; of several, the one nearest to what was asked for.
    mrp
        Whether it is one of the Minimum Recommended Products of the Observation asked for.
    relation
        One of `jwgraph.model.Relation`.
    stage
        Pipeline stage: 1b, 2a, 2b, 2c, 3, or None.
    archived
        Whether a source listed it; otherwise an association expects it.
    """

    productFilename: str
    obs_id: str | None
    productType: str | None
    calib_level: int | None
    dataURI: str | None
    size: int | None
    mrp: bool
    relation: str
    stage: str | None
    archived: bool


@dataclass(frozen=True, slots=True)
class LineageRow(ProductRow):
    """A file that another was made of, or feeds; several roles or associations are joined by `;`."""

    depth: int
    role: str
    association: str


@dataclass(frozen=True, slots=True)
class LinkRow(ProductRow):
    """A linked file, and what it is linked to: a file or a dataset."""

    linked_to: str


@dataclass(frozen=True, slots=True)
class MemberRow:
    """A member of an association."""

    association: str
    product: str
    expname: str
    exptype: str
    archived: bool


@dataclass(frozen=True, slots=True)
class ObservationRow:
    """A dataset; `state` is archived, expected (only associations name its files) or named."""

    obs_id: str
    calib_level: int | None
    stage: str | None
    state: str
    listed: bool
    products: int
    included: int
    program: str
    mast_obsid: int | None


def observations(graph: Graph, *, every: bool = False, program: str = "*") -> list[ObservationRow]:
    """Return the rows of the Portal, or every dataset, of one program or all, in the order of obs_id."""
    return [ObservationRow(**row) for row in graph.read("query/observations", all=every, program=program)]


def own_files(graph: Graph, *, every: bool = False, program: str = "*") -> dict[str, list[ProductRow]]:
    """Return the archived files that each listed Observation owns, or each dataset; by obs_id."""
    found = {}
    for row in graph.read("query/own_files", all=every, program=program):
        dataset = {"dataset": row["obs_id"], "own": True, "level3": False, "roles": []}
        files = [file | {"link": None, "archived": True} for file in row["files"]]
        found[row["obs_id"]] = [_tree_row(dataset, file) for file in files]
    return found


def tree(graph: Graph, obs_id: str, *, mrp: bool = False) -> list[ProductRow]:
    """Return the products of an Observation as the Download Manager lists them, each file once.

    Parameters
    ----------
    mrp
        Only the Minimum Recommended Products, as with the box ticked.

    Raises
    ------
    NotFoundError
        There is no such Observation.
    """
    datasets = graph.read("query/tree", obs_id=key(obs_id))
    if not datasets:
        require_observation(graph, obs_id)
    rows: dict[str, ProductRow] = {}
    for dataset in datasets:
        for file in sorted(dataset["files"], key=lambda f: (f["stage"] or "", f["productFilename"])):
            row = _tree_row(dataset, file)
            known = rows.get(row.productFilename)
            # Ownership tells more than a link, and the first owner is the nearest.
            if known is None or (known.obs_id is None and row.obs_id is not None):
                rows[row.productFilename] = row
    return [row for row in rows.values() if row.mrp or not mrp]


def _tree_row(dataset: Row, file: Row) -> ProductRow:
    return ProductRow(
        productFilename=file["productFilename"],
        obs_id=None if file["link"] else dataset["dataset"],
        productType=file["productType"],
        calib_level=file["calib_level"],
        dataURI=file["dataURI"],
        size=file["size"],
        mrp=file["mrp"],
        relation=_tree_relation(dataset, file),
        stage=file["stage"],
        archived=file["archived"],
    )


_OF_FORM = {
    "guide_star": Relation.GUIDE_STAR,
    "msa": Relation.MSA,
    "association": Relation.ASSOCIATION,
    "pool": Relation.ASSOCIATION,
}


def _tree_relation(dataset: Row, file: Row) -> str:
    """Say how a file of a tree belongs to the Observation: see `jwgraph.model.RELATIONS`."""
    if file["link"]:
        return str(file["link"])
    if file["productType"] == "PREVIEW":
        return Relation.PREVIEW
    if file["form"] in _OF_FORM:
        return _OF_FORM[file["form"]]
    if dataset["own"]:
        return _own_relation(dataset["dataset"]) if dataset["level3"] else Relation.ANTECEDENT
    return role_relation(dataset["roles"])


def _own_relation(obs_id: str) -> Relation:
    """Tell one product of many sources (s, b, v and digits) from one of a target."""
    return Relation.MULTIPLICITY if parse_root(obs_id).unit == "source" else Relation.COMPOSITION


def role_relation(roles: Sequence[str]) -> Relation:
    """Return the relation of an included exposure from its roles; without roles it is one of those made into it."""
    if not roles or Exptype.SCIENCE in roles:
        return Relation.ANTECEDENT
    if set(roles) <= {Exptype.TARGET_ACQUISITION}:
        return Relation.PREREQUISITE
    known = [ROLE_RELATION[Exptype(role)] for role in roles if role in set(ROLE_RELATION)]
    return Relation.CALIBRATION if Relation.CALIBRATION in known else Relation.ANTECEDENT


def mrp(graph: Graph, obs_id: str) -> list[ProductRow]:
    """Return the Minimum Recommended Products of an Observation, in the order of their names.

    Raises
    ------
    NotFoundError
        There is no such Observation.
    """
    found = graph.read("query/mrp", obs_id=key(obs_id))
    if not found:
        require_observation(graph, obs_id)
    return [_mrp_row(row) for row in found]


def _mrp_row(row: Row) -> ProductRow:
    dataset = {"own": True, "dataset": row["obs_id"], "level3": row.pop("level3"), "roles": []}
    relation = _tree_relation(dataset, {"link": None, "productType": row["productType"], "form": row.pop("form")})
    row.pop("mast_mrp")
    return ProductRow(**row, relation=relation)


def lineage(graph: Graph, filename: str, *, up: bool, roles: Iterable[str] = ()) -> list[LineageRow]:
    """Return what a product was made of (up) or what it feeds (down), nearest first, each file once.

    Parameters
    ----------
    roles
        Only products that enter in one of these roles (`exptype`); all where empty.

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
    # The query has every edge of a file; those of the shortest way come from files one step nearer.
    via = [e for e in row.pop("via") if depth_of.get(e["file"]) == row["depth"] - 1]
    relations = sorted({e["relation"] for e in via})
    return LineageRow(
        **row,
        relation=relations[0] if relations else Relation.ANTECEDENT,
        role=";".join(sorted({e["role"] for e in via})),
        association=";".join(sorted({e["asn"] for e in via if e["asn"]})),
    )


def members(graph: Graph, name: str) -> list[MemberRow]:
    """Return the members of an association, or of those that make a product, in the order of the file.

    Parameters
    ----------
    name
        File name of the association or of the product, or the product name as the association has it.

    Raises
    ------
    NotFoundError
        No association of that name, and none that makes such a product.
    """
    found = graph.read("query/members", name=name, program=parse_root(name).program)
    if not found:
        raise NotFoundError(f"No association is named {name!r}, and none makes it.{similar(graph, name)}")
    for row in found:
        row.pop("superseded_by")
    return [MemberRow(**row) for row in found]


def links(graph: Graph, filename: str) -> list[LinkRow]:
    """Return what is linked to a file or its dataset, and what the file is linked to.

    Raises
    ------
    NotFoundError
        There is no such product.
    """
    found = graph.read("query/links", filename=filename)
    if not found:
        require_product(graph, filename)
    return [LinkRow(**row) for row in found]


def product(graph: Graph, filename: str) -> Row:
    """Return all that is known of one product: its properties, owners, associations, and counts of its edges.

    Raises
    ------
    NotFoundError
        There is no such product.
    """
    found = graph.read("query/product", filename=filename)
    if not found:
        require_product(graph, filename)
    return found[0]


def first_answer(graph: Graph, query: str, names: Iterable[str], **parameters: Any) -> list[Row]:
    """Return the rows that a named query has for the first of some spellings of a name that it has any for."""
    for name in dict.fromkeys(names):
        if found := graph.read(query, name=name, **parameters):
            return found
    return []


def key(obs_id: str) -> str:
    """Return the key of an Observation: archive names are lower case."""
    return parse_root(obs_id).dataset or obs_id


def require_observation(graph: Graph, obs_id: str) -> Row:
    """Return an Observation's state.

    Raises
    ------
    NotFoundError
        There is none; the text names some that begin alike.
    """
    found = graph.read("query/observation", obs_id=key(obs_id))
    if not found:
        raise NotFoundError(f"There is no Observation {obs_id!r}.{similar(graph, obs_id)}")
    return found[0]


def require_product(graph: Graph, filename: str) -> None:
    """Raise where a product is not in the store.

    Raises
    ------
    NotFoundError
        There is none; the text names some that begin alike.
    """
    if not graph.read("query/product", filename=filename):
        raise NotFoundError(f"There is no product {filename!r}.{similar(graph, filename)}")


def similar(graph: Graph, name: str) -> str:
    """Name what begins as the name does, the longest beginning first; empty where nothing does."""
    for length in (len(name), 25, 13, 7):
        if length <= len(name):
            found = graph.read("query/similar", prefix=name[:length], limit=3)
            if any(row["name"] == name for row in found):
                kind = next(row["kind"] for row in found if row["name"] == name)
                return f" {name} is {'an Observation' if kind == 'Observation' else 'a file'}."
            if found:
                return " Did you mean " + " or ".join(row["name"] for row in found) + "?"
    return " `jwgraph observations` lists what is there."
