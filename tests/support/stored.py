"""What the store derived, in the form of `Knowledge`, and where the two differ."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable
from typing import Any

from jwgraph.model.records import HeaderRecord, ProductRecord, Record
from jwgraph.store.graph import Graph
from jwgraph_loaders.write.headers import header_properties
from jwgraph_loaders.write.products import mast_row
from tests.support.knowledge import Knowledge
from tests.support.shapes import DERIVED, Included, Known, Linked, Made, Owned, Produced, Program, State

Properties = dict[str, Any]


class Stored:
    """The derived edges and properties of a store, read by the queries of the digest alone.

    Edges are kept in `edges` as well, each as often as the store has it.
    """

    def __init__(self, graph: Graph) -> None:
        nodes = [row["properties"] for row in graph.stream("internal/nodes")]
        products = [p for p in nodes if "filename" in p]
        self.archived = {p["filename"] for p in products if p["archived"]}
        self.seen = {p["filename"] for p in products if p.get("seen")}
        self.withdrawn = {p["filename"] for p in products if p.get("withdrawn")}
        self.present = {p["filename"] for p in products if p["present"]}
        self.expected = {p["filename"] for p in products if p.get("expected")}
        self.superseded_by = {(p["filename"], p["superseded_by"]) for p in products if "superseded_by" in p}
        self.duplicate_of = {(p["filename"], p["duplicate_of"]) for p in products if "duplicate_of" in p}
        self.visible = {p["filename"] for p in products if p.get("visible")}
        self.owners = {(p["filename"], p["obs_id"]) for p in products if "obs_id" in p}
        self.recommended = {p["filename"] for p in products if p.get("recommended")}
        observations = [o for o in nodes if "obs_id" in o and "filename" not in o]
        self.states = {_state(o) for o in observations}
        self.known = {_known(o) for o in observations}
        self.programs = {
            Program(g["program"], g["associations"], g["headers"], g["lists"])
            for g in nodes
            if "associations" in g and g["associations"] + g["headers"] + g["lists"]
        }
        self.edges = Counter(
            _edge(row["type"], row["start"], row["end"], row["properties"])
            for row in graph.stream("internal/edges")
            if row["type"] in ("COMPOSED_OF", "INCLUDES", "LINKED_TO", "PART_OF", "PRODUCES")
        )
        self.produces = {edge for edge in self.edges if isinstance(edge, Produced)}
        self.composed_of = {edge for edge in self.edges if isinstance(edge, Made)}
        self.linked_to = {edge for edge in self.edges if isinstance(edge, Linked)}
        self.includes = {edge for edge in self.edges if isinstance(edge, Included)}
        self.part_of = {edge for edge in self.edges if isinstance(edge, Owned)}


def _edge(kind: str, start: str, end: str, p: Properties) -> Produced | Made | Linked | Included | Owned:
    match kind:
        case "PRODUCES":
            return Produced(start, end, p["product"], p["obs_id"], p["basis"], p["productLevel"])
        case "COMPOSED_OF":
            return Made(start, end, p["relation"], p["role"], p.get("asn", ""))
        case "LINKED_TO":
            return Linked(start, end, p["relation"], p["basis"])
        case "INCLUDES":
            return Included(start, end, tuple(sorted(p["basis"])), tuple(sorted(p["roles"])))
        case _:
            return Owned(start, end, p["basis"], p.get("mrp", False), p.get("withdrawn", False))


def _state(o: Properties) -> State:
    return State(
        o["obs_id"],
        state=o["state"],
        archived=o["archived"],
        present=o["present"],
        expected=o["expected"],
        planned=o.get("planned", False),
        listed=o["listed"],
        level3=o["level3"],
        calib_level=o.get("calib_level"),
        product_level=o.get("productLevel", ""),
    )


def _known(o: Properties) -> Known:
    return Known(
        o["obs_id"],
        o.get("product_list", ""),
        tuple(o.get("unread", ())),
        tuple(o.get("unread_pools", ())),
        o.get("asn_known", False),
        o.get("headers", -1),
    )


def rank(record: ProductRecord | HeaderRecord) -> str:
    """Return the order in which the writer chooses among rows and headers of one processing."""
    if isinstance(record, HeaderRecord):
        return str(header_properties(record)["header_rank"])
    return mast_row(record)[0]


def _of_products(ours: Knowledge) -> dict[str, set[Any]]:
    """Return what `derive/34_expected` and `derive/90_products` set on products."""
    owners: dict[str, tuple[bool, str]] = {}
    for owned in ours.part_of:
        # An owner whose lists no longer have the file comes last.
        rank = (owned.withdrawn, owned.obs_id)
        owners[owned.file] = min(rank, owners.get(owned.file, rank))
    listed = {state.obs_id for state in ours.states if state.listed}
    return {
        "visible": ours.visible,
        "owners": {(file, obs_id) for file, (_, obs_id) in owners.items()},
        "recommended": {owned.file for owned in ours.part_of if owned.mrp and owned.obs_id in listed},
    }


def differences(graph: Graph, records: Iterable[Record]) -> list[str]:
    """Compare the store with what follows from the records.

    Each line is a fact that only one of them has, or an edge that is in the store more than once.
    """
    ours, theirs = Knowledge(records, rank), Stored(graph)
    found = []
    for what, by_rule in ({what: getattr(ours, what) for what in DERIVED} | _of_products(ours)).items():
        in_store = getattr(theirs, what)
        found += [f"{what}: only by the rules: {each}" for each in sorted(by_rule - in_store, key=repr)]
        found += [f"{what}: only in the store: {each}" for each in sorted(in_store - by_rule, key=repr)]
    return found + [f"{times} times in the store: {edge}" for edge, times in theirs.edges.items() if times > 1]
