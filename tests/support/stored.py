"""What the store derived, in the form of `Derivation`, and where the two differ."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from jwgraph.model.records import HeaderRecord, ProductRecord, Record
from jwgraph.names.grammar import parse
from jwgraph.store.graph import Graph
from jwgraph_loaders.write.headers import header_properties
from jwgraph_loaders.write.products import mast_row
from tests.support.derivation import Derivation
from tests.support.shapes import DERIVED, Included, Linked, Made, Owned, Produced, State

Properties = dict[str, Any]


class Stored:
    """The derived edges and properties of a store, read by the two digest queries alone."""

    def __init__(self, graph: Graph) -> None:
        nodes = [row["properties"] for row in graph.stream("internal/nodes")]
        products = [p for p in nodes if "filename" in p]
        self.archived = {p["filename"] for p in products if p["archived"]}
        self.expected = {p["filename"] for p in products if p.get("expected")}
        self.superseded_by = {(p["filename"], p["superseded_by"]) for p in products if "superseded_by" in p}
        self.duplicate_of = {(p["filename"], p["duplicate_of"]) for p in products if "duplicate_of" in p}
        self.visible = {p["filename"] for p in products if p.get("visible")}
        self.owners = {(p["filename"], p["obs_id"]) for p in products if "obs_id" in p}
        self.recommended_somewhere = {p["filename"] for p in products if p.get("recommended")}
        self.states = {_state(o) for o in nodes if "obs_id" in o and "filename" not in o}
        edges: dict[str, list[tuple[str, str, Properties]]] = {}
        for row in graph.stream("internal/edges"):
            edges.setdefault(row["type"], []).append((row["start"], row["end"], row["properties"]))
        self.produces = {
            Produced(asn, file, p["product"], p["dataset"], p["basis"], p["stage"])
            for asn, file, p in edges.get("PRODUCES", [])
        }
        self.part_of = {Owned(file, obs_id, p["basis"]) for file, obs_id, p in edges.get("PART_OF", [])}
        self.recommended = {(file, obs_id) for file, obs_id, p in edges.get("PART_OF", []) if p.get("mrp")}
        self.composed_of = {
            Made(file, of, p["relation"], p["role"], p.get("asn", "")) for file, of, p in edges.get("COMPOSED_OF", [])
        }
        self.linked_to = {Linked(file, to, p["relation"], p["basis"]) for file, to, p in edges.get("LINKED_TO", [])}
        self.includes = {
            Included(o, e, tuple(sorted(p["basis"])), tuple(sorted(p["roles"])))
            for o, e, p in edges.get("INCLUDES", [])
        }


def _state(o: Properties) -> State:
    return State(
        o["obs_id"],
        archived=o["archived"],
        expected=o["expected"],
        planned=o.get("planned", False),
        listed=o["listed"],
        level3=o["level3"],
        calib_level=o.get("calib_level"),
        stage=o.get("stage", ""),
    )


def rank(record: ProductRecord | HeaderRecord) -> str:
    """Return the order in which the writer chooses among rows and headers of one processing."""
    if isinstance(record, HeaderRecord):
        return str(header_properties(record)["header_rank"])
    return mast_row(record, parse(record.filename))[0]


def _of_products(ours: Derivation) -> dict[str, set[Any]]:
    """Return what `derive/34_expected` and `derive/90_products` set on products."""
    owners: dict[str, str] = {}
    for owned in ours.part_of:
        owners[owned.file] = min(owned.obs_id, owners.get(owned.file, owned.obs_id))
    listed = {state.obs_id for state in ours.states if state.listed}
    return {
        "visible": ours.archived | ours.expected,
        "owners": set(owners.items()),
        "recommended_somewhere": {file for file, obs_id in ours.recommended if obs_id in listed},
    }


def differences(graph: Graph, records: Iterable[Record]) -> list[str]:
    """Compare the store with what follows from the records; each line is one fact that only one of them has."""
    ours, theirs = Derivation(records, rank), Stored(graph)
    found = []
    for what, by_rule in ({what: getattr(ours, what) for what in DERIVED} | _of_products(ours)).items():
        in_store = getattr(theirs, what)
        found += [f"{what}: only by the rules: {each}" for each in sorted(by_rule - in_store, key=repr)]
        found += [f"{what}: only in the store: {each}" for each in sorted(in_store - by_rule, key=repr)]
    return found
