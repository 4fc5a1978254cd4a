"""The graph has what the vocabulary lists, and the vocabulary lists what the graph has: labels, edges, properties."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

import pytest

from jwgraph.errors import DatabaseError
from jwgraph.model import properties
from jwgraph.model.records import (
    HeaderRecord,
    LinkRecord,
    ListRecord,
    ObservationRecord,
    PoolRow,
    ProductRecord,
    Record,
    ReferenceRecord,
)
from jwgraph.model.vocabulary import BASES, EDGES, EXPTYPES, GRAPH_FORMAT, LABELS, RELATIONS, Relation
from jwgraph.store import queries
from jwgraph.store.graph import Graph
from tests.support.builders import archived, asn
from tests.support.small import ASN2, FLAT, L3, POOL, A, B, C, records
from tests.support.store import load_records, wipe

pytestmark = pytest.mark.server_versions

# Answered without a `relation` on an edge: several products of one run, time overlap, a role, PART_OF, an edge type.
NO_EDGE = {
    Relation.MULTIPLICITY,
    Relation.PREREQUISITE,
    Relation.ASSOCIATION,
    Relation.REFERENCE,
    Relation.ENGINEERING,
    Relation.OWN,
}

MSA = "jw02733004001_01_msa.fits"
NRS = "jw02733004001_02101_00001_nrs1"
BACKGROUND = "jw02733006001_02101_00001_nrca1"
PARENT, CHILD = 70, 71
LISTED = "jw02733-o008_t001_nircam_clear-f090w"
UNREAD = {
    "jw02733-o008_20240710t161010_image3_00003_asn.json": 2,
    "jw02733_20240710t161010_pool.csv": 2,
    f"{LISTED}_i2d.jpg": 1,
}


def whole_graph() -> list[Record]:
    """Return records that give every label, edge and property that jwgraph has."""
    duplicate = asn("jw02733-c1001_20230710t161010_image3_00009_asn.json", "image3", {L3: {f"{A}_cal.fits": "science"}})
    sources = asn(
        "jw02733-o004_20230710t161010_spec3_00002_asn.json",
        "spec3",
        {"jw02733-o004_{source_id}_nirspec_clear-prism": {f"{NRS}_cal.fits": "science"}},
        asn_id="o004",
    )
    failed = asn(
        "jw02733-o009_20230710t161010_image3_00001_asn.json",
        "image3",
        {"jw02733-o009_t001_nircam_clear-f090w": {f"{C}_cal.fits": "science"}},
        asn_id="o009",
    )
    member = replace(failed.products[0].members[0], exposerr="lost guide star", asn_candidate="('o009', 'observation')")
    failed = replace(failed, products=(replace(failed.products[0], members=(member,)),))
    background = asn(
        "jw02733-o002_20230710t161010_image2_00002_asn.json",
        "image2",
        {C: {f"{C}_rate.fits": "science", f"{BACKGROUND}_rate.fits": "background"}},
    )
    return [
        *records(),
        background,
        replace(duplicate, asn_id="c1001"),
        replace(
            sources,
            degraded_status="No known degraded exposures",
            asn_rule="Asn_Lv3",
            code_version="3.0",
            target="1",
            asn_pool=POOL,
        ),
        failed,
        ProductRecord("jw02733-o004_s00001_nirspec_clear-prism_x1d.fits", "jw02733-o004_s00001_nirspec_clear-prism"),
        ProductRecord(f"{B}_uncal.fits", B, CHILD, PARENT, 1, None, _texts(properties.MAST_PRODUCT) | {"size": 1}),
        HeaderRecord(
            f"{NRS}_cal.fits", "02733", ASN2, POOL, MSA, (("R_FLAT", FLAT),), 1.0, 2.0, _texts(properties.HEADER)
        ),
        PoolRow(POOL, f"{NRS}_uncal.fits", "02733", ("o004",), _texts(properties.POOL)),
        ObservationRecord(
            "jw02733005001_02101_00001_nis", 99, "02733", 2, 1.0, 2.0, 3.0, _texts(properties.MAST_OBSERVATION)
        ),
        ReferenceRecord(f"{A}_cal.fits", "R_DARK", FLAT, "jwst_1000.pmap"),
        LinkRecord("confirm.fits", f"{L3}_i2d.fits", "confirmation_image"),
        LinkRecord("chart.pdf", L3, "finding_chart"),
        *archived(MSA, f"{NRS}_rate.fits"),
        # A later product list lacks the preview; the pool and the association that it has were not read.
        *(ProductRecord(name, LISTED, 72, 72, listed_in=(LISTED, at)) for name, at in UNREAD.items()),
        ListRecord(LISTED, 2),
    ]


def _texts(group: tuple[properties.Property, ...]) -> dict[str, Any]:
    return {each.name: f"a {each.name}" for each in group}


@pytest.fixture(scope="module")
def nodes(_store: Graph) -> list[dict[str, Any]]:
    wipe(_store)
    load_records(_store, whole_graph())
    # A load of newer rows, and one of public ones, gives the properties about loads.
    newer: dict[str, Any] = _texts(properties.MAST_PRODUCT) | {
        "size": 1,
        "prvversion": "1.99.0",
        "dataRights": "PUBLIC",
    }
    load_records(_store, [ProductRecord(f"{B}_uncal.fits", B, CHILD, PARENT, 1, None, newer)])
    return list(_store.stream("internal/nodes"))


@pytest.fixture(scope="module")
def edges(_store: Graph, nodes: list[dict[str, Any]]) -> list[dict[str, Any]]:
    return list(_store.stream("internal/edges"))


def test_labels_and_their_properties(nodes: list[dict[str, Any]]) -> None:
    known = {label.name: {each.name for each in label.properties} for label in LABELS}
    product = known["Product"]
    known |= {"Association": product | known["Association"], "Pool": product | known["Pool"]}
    found: dict[str, set[str]] = {}
    for row in nodes:
        label = next((name for name in ("Association", "Pool") if name in row["labels"]), row["labels"][0])
        found.setdefault(label, set()).update(row["properties"])
    assert found.keys() == known.keys()
    assert {label: names - known[label] for label, names in found.items()} == {label: set() for label in known}
    found["Product"] |= found["Association"] & product | found["Pool"] & product
    # A program is dirty only while a load goes on, and has the other while it is forgotten.
    found["Program"] |= {"dirty", "forgetting"}
    for label in LABELS:
        assert {each.name for each in label.properties} - found[label.name] == set(), label.name


def test_edges_their_ends_and_their_properties(edges: list[dict[str, Any]]) -> None:
    known = {(edge.name, edge.start, end) for edge in EDGES for end in edge.end.split("|")}
    found: dict[str, set[str]] = {}
    ends = set()
    for row in edges:
        found.setdefault(row["type"], set()).update(row["properties"])
        ends |= {
            (row["type"], start, end)
            for start in row["start_labels"]
            for end in row["end_labels"]
            if (row["type"], start, end) in known
        }
    assert ends == known - {("SHARES_WITH", "Program", "Program")} | {e for e in ends if e[0] == "SHARES_WITH"}
    assert {name: {each.name for each in edge.properties} for edge in EDGES for name in [edge.name]} == found | {
        edge.name: set() for edge in EDGES if edge.name == "SHARES_WITH"
    }


def test_relations_roles_and_bases(edges: list[dict[str, Any]]) -> None:
    relations = {row["properties"]["relation"] for row in edges if "relation" in row["properties"]}
    assert relations == set(RELATIONS) - NO_EDGE
    bases: set[str] = set()
    for row in edges:
        basis = row["properties"].get("basis", [])
        bases |= {basis} if isinstance(basis, str) else set(basis)
    assert bases == set(BASES)
    assert {row["properties"]["exptype"] for row in edges if row["type"] == "HAS_MEMBER"} <= EXPTYPES


def test_what_is_derived_is_created_by_a_step() -> None:
    created = {name for step in queries.every("derive") for name in step.creates}
    derived = {f"{label.name}.{each.name}" for label in LABELS for each in label.properties if each.derived}
    derived |= {f"{edge.name}.{each.name}" for edge in EDGES for each in edge.properties if each.derived}
    whole = {name for name in created if "." not in name}
    assert whole <= {edge.name for edge in EDGES}
    assert created - whole <= derived
    # A step that creates an edge sets its properties.
    assert {name for name in derived - created if name.partition(".")[0] not in whole} == set()


def test_a_store_of_an_older_jwgraph_is_recognised(graph: Graph) -> None:
    with graph.session() as session:
        session.run("MATCH (s:Store) REMOVE s.format").consume()
    try:
        with pytest.raises(DatabaseError, match=r"made by an older jwgraph \(format 1, and this one needs 3\): load"):
            Graph(graph.connection)
        with graph.session() as session:
            session.run("MATCH (s:Store) SET s.format = 99").consume()
        with pytest.raises(DatabaseError, match=r"made by a newer jwgraph \(format 99"):
            Graph(graph.connection)
    finally:
        graph.run("internal/schema_done", steps=[], format=GRAPH_FORMAT)
    Graph(graph.connection).close()
