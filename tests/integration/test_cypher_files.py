"""Every file of cypher/ is asked of the server alone: columns, parameters, kind, plan."""

from __future__ import annotations

import re

import pytest

from jwgraph.store import queries, schema
from jwgraph.store.explain import Plan, explain
from jwgraph.store.graph import Graph
from jwgraph.store.queries import Query
from tests.support.small import records
from tests.support.store import Slate, load_records

pytestmark = pytest.mark.server_versions

REFUSED = {"AllNodesScan", "NodeByLabelScan", "CartesianProduct", "LoadCSV", "ProcedureCall"}
FILES = [query for kind in ("write", "derive", "query", "internal") for query in queries.every(kind)]
# These look through the whole store: `store forget` does, once.
WHOLE = frozenset({"internal/named_shares"})
KINDS = {"read": {"r"}, "write": {"w", "rw"}, "schema": {"s"}}


@pytest.fixture(scope="module", params=FILES, ids=lambda query: query.name)
def query(request: pytest.FixtureRequest) -> Query:
    found: Query = request.param
    return found


@pytest.fixture(scope="module")
def planned(slate: Slate) -> Graph:
    """Return a store with something of everything, and no plan made for other data.

    The planner chooses by the number of nodes and edges, and keeps plans: without this, those of an earlier test show.
    """
    graph = slate.filled("small", lambda graph: load_records(graph, records()))
    with graph.session() as session:
        # Neo4j updates index statistics in the background: this call waits for that, and drops all cached plans.
        session.run("CALL db.prepareForReplanning(300)").consume()
    return graph


@pytest.fixture(scope="module")
def plan(planned: Graph, query: Query) -> Plan:
    """Return the plan of a file, asked for once."""
    return explain(planned, query)


def test_columns_are_those_of_the_header(plan: Plan, query: Query) -> None:
    assert plan.columns == tuple(name for name, _ in query.returns)


def test_parameters_are_those_of_the_header(plan: Plan, query: Query) -> None:
    assert plan.parameters == {param.name for param in query.params}


def test_kind_is_that_of_the_header(plan: Plan, query: Query) -> None:
    assert plan.query_type in KINDS[query.mode]


def test_plan_scans_nothing_the_header_does_not_allow(plan: Plan, query: Query) -> None:
    used = {step.operator for step in plan.steps}
    assert used & REFUSED <= set(query.allow)


def test_plan_reads_no_index_of_files_or_observations_from_end_to_end(plan: Plan, query: Query) -> None:
    many = re.compile(r":(Product|Observation|Association)\(")
    whole = [step.details for step in plan.steps if "IndexScan" in step.operator and many.search(step.details)]
    assert whole == [] or query.name in WHOLE


def test_the_header_allows_nothing_that_the_plan_does_without(plan: Plan, query: Query) -> None:
    used = {step.operator for step in plan.steps}
    assert set(query.allow) <= used & REFUSED


def test_plan_uses_the_indexes_of_the_header(plan: Plan, query: Query) -> None:
    assert set(query.indexes) <= _indexes(plan)


def _indexes(plan: Plan) -> set[str]:
    """Name the indexes that a plan uses: `UNIQUE p:Product(filename) …` is product_filename."""
    used = set()
    for step in plan.steps:
        match = re.search(r":(\w+)\((\w+)\)", step.details)
        # The newest Neo4j has an operator of its own for MERGE on a unique key.
        if ("Index" in step.operator or step.operator == "MergeUniqueNode") and match:
            label = re.sub(r"(?<=[a-z])(?=[A-Z])", "_", match[1]).lower()
            used.add(f"{label}_{match[2]}")
    return used


def test_read_queries_are_refused_nothing_and_write_nothing(graph: Graph) -> None:
    assert {query.mode for query in queries.every("query")} == {"read"}


def test_schema_is_applied_before_anything_is_written(graph: Graph) -> None:
    steps = {row["name"]: row["checksum"] for row in graph.read("internal/schema_steps")}
    assert steps == {step.name: step.checksum for step in queries.every("schema")}


def test_schema_twice_is_schema_once(graph: Graph) -> None:
    before = graph.read("internal/schema_steps")
    schema.ensure(graph)
    assert graph.read("internal/schema_steps") == before
