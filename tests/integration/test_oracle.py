"""Every answer is compared with networkx over the same edges: planners make mistakes too."""

from __future__ import annotations

import networkx as nx
import pytest
from hypothesis import HealthCheck, given, settings

from jwgraph.answers import calibration, lineage, paths, products
from jwgraph.answers.missing import missing as find_missing
from jwgraph.demo import load_demo
from jwgraph.errors import NotFoundError
from jwgraph.model.records import Record
from jwgraph.store.graph import Graph
from tests.support.oracle import Oracle
from tests.support.store import load_records, wipe
from tests.support.strategies import records

pytestmark = pytest.mark.server_versions

# How an edge reads along its direction and against it.
READ = {
    "COMPOSED_OF": ("made of", "feeds"),
    "LINKED_TO": ("linked to", "has the link"),
    "PRODUCES": ("makes", "made by"),
    "HAS_MEMBER": ("has the member", "member of"),
    "FROM_POOL": ("generated from", "pool of"),
    "PART_OF": ("part of", "owns"),
    "INCLUDES": ("includes", "included in"),
}


@settings(max_examples=10, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(some=records)
def test_answers_are_those_of_an_independent_computation(graph: Graph, some: list[Record]) -> None:
    wipe(graph)
    load_records(graph, some, workers=1)
    oracle = Oracle(graph)
    for obs_id in oracle.observations():
        tree = products.tree(graph, obs_id)
        names = [row.productFilename for row in tree]
        assert len(names) == len(set(names)), obs_id
        assert set(names) == oracle.tree(obs_id), obs_id
        assert {row.productFilename for row in products.mrp(graph, obs_id)} == oracle.mrp(obs_id), obs_id
        assert {row.productFilename for row in tree if row.mrp} == oracle.mrp(obs_id), obs_id
    for filename in oracle.products():
        for up in (True, False):
            found = [(row.productFilename, row.depth) for row in lineage.lineage(graph, filename, up=up)]
            assert len(found) == len(set(found)), filename
            assert dict(found) == oracle.lineage(filename, up=up), filename


@settings(max_examples=10, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(some=records)
def test_uses_and_promises_are_those_of_an_independent_computation(graph: Graph, some: list[Record]) -> None:
    wipe(graph)
    load_records(graph, some, workers=1)
    oracle = Oracle(graph)
    for name in [*oracle.observations(), *oracle.products(), *oracle.references_known()]:
        rows = [row for row in lineage.impact(graph, name) if row.productFilename]
        found = [(row.productFilename, row.depth) for row in rows]
        assert len(found) == len(set(found)), name
        assert dict(found) == oracle.impact(name), name
    for name in [*oracle.observations(), *oracle.products()]:
        try:
            used = [(row.productFilename, row.keyword, row.reference) for row in calibration.references(graph, name)]
        except NotFoundError:
            used = []
        assert len(used) == len(set(used)), name
        assert set(used) == oracle.references(name), name
    try:
        missing = [(row.association, row.product) for row in find_missing(graph)]
    except NotFoundError:
        missing = []
        assert not any(properties.get("sha256") for properties in oracle.nodes.values())
    assert len(missing) == len(set(missing))
    assert set(missing) == oracle.promised()


@settings(max_examples=8, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(some=records)
def test_ways_links_and_members_are_those_of_an_independent_computation(graph: Graph, some: list[Record]) -> None:
    wipe(graph)
    load_records(graph, some, workers=1)
    oracle = Oracle(graph)
    files = oracle.products()
    for start, end in zip(files, files[1:] + files[:1], strict=True):
        expected = [
            paths.StepRow(step.source, READ[step.kind][not step.forward], step.role or step.relation, step.target)
            for step in oracle.path(start, end)
        ]
        assert paths.path(graph, start, end) == expected, (start, end)
    for filename in files:
        found = [(row.productFilename, row.linked_to) for row in products.links(graph, filename)]
        assert set(found) == oracle.links(filename), filename
        rows = graph.read("query/association_members", filename=filename)
        assert [(row["member"], row["exptype"]) for row in rows] == [m[1:] for m in oracle.members(filename)], filename
    made_of = {
        row["obs_id"]: {file["productFilename"] for file in row["files"]}
        for row in graph.read("internal/export_lineage", obs_ids=oracle.observations())
    }
    for obs_id, reached in made_of.items():
        own = {name for name in oracle.owned([obs_id]) if oracle.visible(name)}
        previews = {name for name in own if oracle.nodes[f"p:{name}"].get("productType") == "PREVIEW"}
        expected_files = {name for file in own - previews for name in oracle.lineage(file, up=True)}
        assert reached | own >= expected_files, obs_id
        assert reached <= expected_files | own, obs_id


def test_no_product_is_made_of_itself_through_others_in_the_demo(graph: Graph) -> None:
    load_demo(graph)
    assert nx.is_directed_acyclic_graph(Oracle(graph).made)
