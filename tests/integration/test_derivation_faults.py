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
    ("14_withdrawn", SKIP, SKIP),
    ("16_present", SKIP, SKIP),
    ("16_present", "p.visible = CASE WHEN present THEN true END,", ""),
    ("34_expected", "CASE WHEN p.present OR expected THEN true END", "null"),
    ("90_products", SKIP, SKIP),
    ("95_known", SKIP, SKIP),
    ("96_known_programs", SKIP, SKIP),
    ("64_parents", SKIP, SKIP),
]
FAULTS: list[tuple[str, LiteralString, LiteralString]] = [
    ("14_withdrawn", "min(CASE", "max(CASE"),
    ("14_withdrawn", "q.mast_list_at > row.at", "q.mast_list_at >= row.at"),
    ("16_present", "min(gone) = 1", "max(gone) = 1"),
    ("16_present", "NOT withdrawn AND (", "("),
    ("20_superseded", "newest[0] > version", "newest[1] > a.filename"),
    ("20_superseded", "size(later) = parts", "size(later) > 0"),
    ("20_superseded", "a.sha256 IS NOT NULL OR a.present", "a.sha256 IS NOT NULL"),
    ("20_superseded", "a.sha256 IS NOT NULL OR a.present", "true"),
    ("20_superseded", "WHERE r.withdrawn IS NULL OR a.withdrawn", ""),
    ("20_superseded", "WHERE made.productLevel = '3' OR NOT coalesce(a.asn_type, '') ENDS WITH '3'", ""),
    ("20_superseded", "[made:PRODUCES {basis: 'header'}]", "[made:PRODUCES {basis: 'none'}]"),
    ("20_superseded", "[t IN alike WHERE part =~ t.pattern | t.name]", "[]"),
    ("20_superseded", "coalesce(obs_id, part) AS line", "part + ' ' AS line"),
    ("22_candidates", "each.rank > first.rank", "each.rank < first.rank"),
    ("22_candidates", " AND a.superseded_by IS NULL", ""),
    ("30_produces", "p.present AND", ""),
    ("30_produces", "p.suffix IN r.suffixes", "true"),
    ("30_produces", "coalesce(p.productType, '') <> 'PREVIEW'", "true"),
    ("32_templates", "p.present AND", ""),
    ("32_templates", "p.suffix IN a.template_suffixes", "true"),
    ("32_templates", "coalesce(p.productType, '') <> 'PREVIEW'", "true"),
    ("34_expected", "(p)<-[:HAS_MEMBER]-(a:Association) WHERE a.superseded_by IS NULL", "(p)<-[:HAS_MEMBER]-()"),
    ("34_expected", "AND a.duplicate_of IS NULL", ""),
    ("34_expected", "AND NOT EXISTS { (a)-[:PRODUCES {product: r.product, basis: 'archived'}]->() }", ""),
    ("34_expected", "p.withdrawn IS NULL", "true"),
    ("36_association_files", "ELSE [a, pool] END", "ELSE [a] END"),
    ("36_association_files", SKIP, SKIP),
    ("38_levels", "coalesce(p.productType, '') <> 'INFO' OR r.basis = 'mast'", "coalesce(p.productType, '') <> 'INFO'"),
    ("38_levels", "coalesce(p.productType, '') <> 'INFO' OR r.basis = 'mast'", "true"),
    ("38_levels", "coalesce(o.mast_calib_level, 0) > 0", "false"),
    ("38_levels", "r.withdrawn IS NULL", "true"),
    ("38_levels", "present AND p.archived", "present"),
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
    ("62_includes_mast", "times = [] OR ", ""),
    ("62_includes_mast", "substring(entry, 14) = o.obs_id", "true"),
    ("62_includes_mast", "any(at IN times WHERE at >= o.mast_list_at)", "true"),
    ("70_mrp", "r.withdrawn OR p.withdrawn", "p.withdrawn"),
    ("70_mrp", "'guide_star'", "'no form'"),
    ("70_mrp", "'PREVIEW'", "'NO TYPE'"),
    ("70_mrp", "NOT o.present", "false"),
    ("80_listed", "{ (p:Observation)-[:INCLUDES]->(o) WHERE p.present }", "{ (:Observation)-[:INCLUDES]->(o) }"),
    ("80_listed", "AND NOT EXISTS { (o)-[:INCLUDES]->(e:Observation) WHERE e.present }", ""),
    ("80_listed", "AND NOT EXISTS { (:Observation)-[:INCLUDES]->(o) }\n", "\n"),
    ("90_products", "min(CASE WHEN r.withdrawn IS NULL THEN owner.obs_id END)", "max(owner.obs_id)"),
    ("90_products", "CASE WHEN r.withdrawn IS NULL THEN owner.obs_id END", "owner.obs_id"),
    ("90_products", "r.mrp AND owner.listed", "r.mrp"),
    ("95_known", "  WHERE r.withdrawn IS NULL\n", ""),
    ("95_known", "r.basis = 'mast'", "true"),
    ("95_known", "p:Association AND p.present", "p:Association"),
    ("95_known", "p.sha256 IS NULL AND", ""),
    ("95_known", " AND p.superseded_by IS NULL", ""),
    ("95_known", "p:Pool AND p.present AND", "p:Pool AND"),
    ("95_known", " AND p.loaded IS NULL", ""),
    ("95_known", "p.header_rank IS NOT NULL", "p.filename IS NOT NULL"),
    ("95_known", " {obs_id: o.obs_id}", ""),
    ("95_known", "made.basis <> 'header' AND", ""),
    ("95_known", " AND a.superseded_by IS NULL", ""),
    ("95_known", "o.mast_list_at IS NOT NULL\n", "false\n"),
    ("95_known", "'mast' IN i.basis AND q.mast_list_at", "q.mast_list_at"),
    ("95_known", "row OR EXISTS { (o)-[i:INCLUDES]->(:Observation) WHERE 'mast' IN i.basis }", "row"),
    ("95_known", "WHERE 'mast' IN i.basis } THEN 'rows'", "} THEN 'rows'"),
    ("96_known_programs", "count(a.sha256)", "count(*)"),
    ("96_known_programs", "sum(o.headers)", "count(o.headers)"),
    ("96_known_programs", "count(o.product_list)", "count(*)"),
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
