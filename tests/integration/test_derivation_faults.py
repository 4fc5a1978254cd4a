"""A fault in any step of `cypher/derive` is one that the comparison with the rules finds."""

from __future__ import annotations

from dataclasses import replace
from typing import LiteralString

import pytest

from jwgraph.store import queries
from jwgraph.store.derive import derive
from jwgraph.store.graph import Graph
from tests.support.every_step import first, second, third
from tests.support.store import load_records, wipe
from tests.support.stored import differences

pytestmark = [pytest.mark.server_versions, pytest.mark.once]

SKIP: LiteralString = ""
RECORDS = [*first(), *second(), *third()]

# Step, what is taken out of its statement, and what is put in its place; SKIP leaves the step out. The first ones show
# only in a store that was derived with the fault from the start: they concern what an earlier load left.
FROM_THE_START: list[tuple[str, LiteralString, LiteralString]] = [
    ("10_clear", "-[i:INCLUDES]->() DELETE i", "-[i:INCLUDES]->() WHERE false DELETE i"),
    (
        "10_clear",
        "{basis: 'association'}]-(p:Product) REMOVE p.obs_id, p.recommended DELETE r",
        "{basis: 'association'}]-(p:Product) REMOVE p.obs_id, p.recommended",
    ),
    ("10_clear", "(o)<-[l:LINKED_TO {basis: 'name'}]-()", "(o)<-[l:LINKED_TO {basis: 'none'}]-()"),
    ("10_clear", "-[e:COMPOSED_OF]->() DELETE e", "-[e:COMPOSED_OF]->() WHERE false DELETE e"),
    ("10_clear", "-[l:LINKED_TO {basis: 'name'}]->()", "-[l:LINKED_TO {basis: 'none'}]->()"),
    ("10_clear", SKIP, SKIP),
    ("12_clear_associations", "REMOVE a.superseded_by,", "REMOVE"),
    ("12_clear_associations", ", a.duplicate_of", ""),
    ("12_clear_associations", "{basis: 'archived'}", "{basis: 'none'}"),
    ("34_expected", "NOT EXISTS { (p)-[:PART_OF]->() }", "false"),
    ("34_expected", "CASE WHEN p.archived OR expected THEN true END", "null"),
    ("90_products", SKIP, SKIP),
    ("64_parents", SKIP, SKIP),
]
FAULTS: list[tuple[str, LiteralString, LiteralString]] = [
    ("20_superseded", "newest.version > each.version", "newest.asn.filename > each.asn.filename"),
    ("20_superseded", "size(later) = size(a.products)", "size(later) > 0"),
    ("22_candidates", "each.rank > first.rank", "each.rank < first.rank"),
    ("22_candidates", " AND a.superseded_by IS NULL", ""),
    ("30_produces", "p.archived AND", ""),
    ("30_produces", "p.suffix IN r.suffixes", "true"),
    ("30_produces", "coalesce(p.productType, '') <> 'PREVIEW'", "true"),
    ("32_templates", "p.archived AND", ""),
    ("32_templates", "p.suffix IN a.template_suffixes", "true"),
    ("32_templates", "coalesce(p.productType, '') <> 'PREVIEW'", "true"),
    ("34_expected", "(p)<-[:HAS_MEMBER]-(a:Association) WHERE a.superseded_by IS NULL", "(p)<-[:HAS_MEMBER]-()"),
    ("34_expected", "AND a.duplicate_of IS NULL", ""),
    ("34_expected", "AND NOT EXISTS { (a)-[:PRODUCES {product: r.product, basis: 'archived'}]->() }", ""),
    ("36_association_files", "ELSE [a, pool] END", "ELSE [a] END"),
    ("36_association_files", SKIP, SKIP),
    ("38_levels", "coalesce(p.productType, '') <> 'INFO' OR r.basis = 'mast'", "coalesce(p.productType, '') <> 'INFO'"),
    ("38_levels", "coalesce(p.productType, '') <> 'INFO' OR r.basis = 'mast'", "true"),
    ("38_levels", "coalesce(o.mast_calib_level, 0) > 0", "false"),
    ("38_levels", " WHERE made.obs_id = o.obs_id", ""),
    ("38_levels", " OR EXISTS { (o)<-[:PART_OF]-(:Product)<-[:PLANS]-(:Pool) }", ""),
    ("40_antecedents", "CASE WHEN found <> [] THEN found", "CASE WHEN false THEN found"),
    ("40_antecedents", "coalesce(p.productType, '') <> 'PREVIEW'", "true"),
    ("42_composition", "WHERE a.superseded_by IS NULL", ""),
    ("42_composition", "y IN made }", "false }"),
    ("42_composition", "productLevel <> '3'", "productLevel = '3'"),
    ("42_composition", "q <> x AND", ""),
    ("44_one_antecedent", SKIP, SKIP),
    ("50_previews", "p.visible", "true"),
    ("50_previews", "p.suffix = preview.suffix AND", "false AND"),
    ("52_visit_links", "AND o.detector STARTS WITH 'nrs'", ""),
    ("60_includes", "coalesce(step.productLevel, '') = '3'", "false"),
    ("60_includes", " AND NOT e.level3", ""),
    ("60_includes", "a.superseded_by IS NULL AND", ""),
    ("60_includes", "'association' IN basis", "false"),
    ("60_includes", "e.role <> 'science'", "false"),
    ("62_includes_mast", "i.basis + 'mast'", "i.basis"),
    ("62_includes_mast", SKIP, SKIP),
    ("70_mrp", "'guide_star'", "'no form'"),
    ("70_mrp", "'PREVIEW'", "'NO TYPE'"),
    ("70_mrp", "NOT o.archived", "false"),
    ("80_listed", "{ (p:Observation)-[:INCLUDES]->(o) WHERE p.archived }", "{ (:Observation)-[:INCLUDES]->(o) }"),
    ("80_listed", "AND NOT EXISTS { (o)-[:INCLUDES]->(e:Observation) WHERE e.archived }", ""),
    ("80_listed", "AND NOT EXISTS { (:Observation)-[:INCLUDES]->(o) }\n", "\n"),
    ("90_products", "min(owner.obs_id)", "max(owner.obs_id)"),
    ("90_products", "r.mrp AND owner.listed", "r.mrp"),
]


@pytest.fixture(scope="module")
def loaded(_store: Graph) -> Graph:
    """Return a store with all the records; a fault goes when edges are derived again, and so one load serves all."""
    wipe(_store)
    load_all(_store)
    return _store


def load_all(graph: Graph) -> None:
    for records in (first(), second(), third()):
        load_records(graph, records, workers=1)


def derive_again(graph: Graph) -> None:
    graph.run("write/programs", programs=sorted({row["program"] for row in graph.read("internal/dirty_programs")}))
    derive(graph)


def put_in(monkeypatch: pytest.MonkeyPatch, step: str, right: LiteralString, wrong: LiteralString) -> None:
    """Put a fault in the statement of one step."""
    get = queries.get
    query = get(f"derive/{step}")
    assert right in query.text, f"{step} has no {right!r} any more"
    text: LiteralString = query.text.replace(right, wrong) if right else "RETURN $program AS program"
    faulty = replace(query, text=text)
    monkeypatch.setattr(queries, "get", lambda name: faulty if name == query.name else get(name))


def test_the_records_give_what_the_rules_say(loaded: Graph) -> None:
    assert differences(loaded, RECORDS) == []


@pytest.mark.parametrize(("step", "right", "wrong"), FAULTS)
def test_a_fault_is_found(
    loaded: Graph, monkeypatch: pytest.MonkeyPatch, step: str, right: LiteralString, wrong: LiteralString
) -> None:
    put_in(monkeypatch, step, right, wrong)
    derive_again(loaded)
    assert differences(loaded, RECORDS) != []


def test_nothing_is_left_of_the_faults(loaded: Graph) -> None:
    derive_again(loaded)
    assert differences(loaded, RECORDS) == []


@pytest.mark.parametrize(("step", "right", "wrong"), FROM_THE_START)
def test_a_fault_from_the_start_is_found(
    graph: Graph, monkeypatch: pytest.MonkeyPatch, step: str, right: LiteralString, wrong: LiteralString
) -> None:
    put_in(monkeypatch, step, right, wrong)
    load_all(graph)
    assert differences(graph, RECORDS) != []


def test_every_step_has_a_fault() -> None:
    assert {step for step, _, _ in [*FAULTS, *FROM_THE_START]} == {
        q.name.partition("/")[2] for q in queries.every("derive")
    }
