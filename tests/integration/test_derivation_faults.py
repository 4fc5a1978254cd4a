"""A fault in any step of `cypher/derive` is one that the comparison with the rules finds."""

from __future__ import annotations

from dataclasses import replace
from functools import partial
from typing import Any, LiteralString

import pytest
from neo4j import ManagedTransaction

from jwgraph.store import derive as derivation
from jwgraph.store import queries
from jwgraph.store.derive import derive
from jwgraph.store.digest import digest
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
    ("60_includes", "CASE WHEN basis + listed = [] THEN [edge]", "CASE WHEN false THEN [edge]"),
    ("36_association_files", "DELETE edge SET file.obs_id = null", "SET file.obs_id = null"),
    ("40_composition", "WHERE NOT right OR size(edges) <> 1", "WHERE right AND size(edges) <> 1"),
    ("50_previews", "WHERE NOT right OR size(edges) <> 1", "WHERE right AND size(edges) <> 1"),
    (
        "20_superseded",
        "coalesce(a.superseded_by, '') <> coalesce(superseded_by, '')",
        "superseded_by <> coalesce(a.superseded_by, '')",
    ),
    ("22_candidates", "coalesce(a.duplicate_of, '') <> coalesce(duplicate_of, '')", "duplicate_of IS NOT NULL"),
    ("30_produces", "WHERE NOT right OR size(edges) <> 1", "WHERE right AND size(edges) <> 1"),
    ("62_includes_mast", "CASE WHEN basis = [] THEN [i]", "CASE WHEN false THEN [i]"),
    ("34_expected", "NOT EXISTS { (p)-[:PART_OF]->() }", "false"),
    ("14_withdrawn", SKIP, SKIP),
    ("16_present", SKIP, SKIP),
    ("16_present", "    p.present = present\n", "    p.present = p.present\n"),
    ("34_expected", "CASE WHEN p.present OR expected THEN true END", "null"),
    ("90_products", SKIP, SKIP),
    ("95_known", SKIP, SKIP),
    ("96_known_programs", SKIP, SKIP),
    ("64_parents", SKIP, SKIP),
    ("36_association_files", SKIP, SKIP),
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
    ("38_levels", "coalesce(p.productType, '') <> 'INFO' OR r.basis = 'mast'", "coalesce(p.productType, '') <> 'INFO'"),
    ("38_levels", "coalesce(p.productType, '') <> 'INFO' OR r.basis = 'mast'", "true"),
    ("38_levels", "coalesce(o.mast_calib_level, 0) > 0", "false"),
    ("38_levels", "r.withdrawn IS NULL", "true"),
    ("38_levels", "present AND p.archived", "present"),
    ("38_levels", " WHERE made.obs_id = o.obs_id", ""),
    ("38_levels", " OR EXISTS { (o)<-[:PART_OF]-(:Product)<-[:PLANS]-(:Pool) }", ""),
    ("40_composition", "ORDER BY distance, q.filename", "ORDER BY distance DESC, q.filename"),
    ("40_composition", "coalesce(x.productType, '') <> 'PREVIEW'", "true"),
    ("40_composition", "AND a.superseded_by IS NULL", ""),
    ("40_composition", "UNWIND named AS y", "UNWIND [] AS y"),
    ("40_composition", "r.productLevel <> '3'", "r.productLevel = '3'"),
    ("40_composition", "q <> x AND", ""),
    ("40_composition", "WHERE none(each IN stated WHERE each.q = q)", ""),
    ("50_previews", "p.visible", "true"),
    ("50_previews", "p.suffix = x.suffix AND", "false AND"),
    ("52_visit_links", "AND o.detector STARTS WITH 'nrs'", ""),
    ("60_includes", "coalesce(step.productLevel, '') = '3'", "false"),
    ("60_includes", " AND NOT e.level3", ""),
    ("60_includes", "a.superseded_by IS NULL AND", ""),
    ("60_includes", "'association' IN basis", "false"),
    ("60_includes", "e.role <> 'science'", "false"),
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

# Step, and what is put in the store by hand that it did not derive: it goes when the programs are derived again.
STALE: list[tuple[str, LiteralString]] = [
    ("14_withdrawn", "MATCH ()-[r:PART_OF]->() SET r.withdrawn = true"),
    ("14_withdrawn", "MATCH ()-[r:PART_OF]->() REMOVE r.withdrawn"),
    ("16_present", "MATCH (p:Product)-[:PART_OF]->() SET p.withdrawn = true, p.present = false"),
    ("16_present", "MATCH (p:Product)-[:PART_OF]->() WHERE p.archived SET p.present = false"),
    ("20_superseded", "MATCH (a:Association) SET a.superseded_by = 'none.json'"),
    ("20_superseded", "MATCH (a:Association) REMOVE a.superseded_by"),
    ("22_candidates", "MATCH (a:Association) SET a.duplicate_of = 'none.json'"),
    (
        "30_produces",
        """MATCH (a:Association)-[:HAS_MEMBER]->(p)
        CREATE (a)-[:PRODUCES {product: 'none', obs_id: 'none', productLevel: '3', basis: 'archived'}]->(p)""",
    ),
    ("30_produces", "MATCH ()-[r:PRODUCES {basis: 'archived'}]->() SET r.productLevel = '1b'"),
    (
        "32_templates",
        """MATCH (a:Association)-[:HAS_MEMBER]->(p) WHERE a.templates <> []
        CREATE (a)-[:PRODUCES {product: a.templates[0], obs_id: 'none', productLevel: '3', basis: 'archived'}]->(p)""",
    ),
    ("34_expected", "MATCH (p:Product)-[:PART_OF]->() SET p.expected = true"),
    ("34_expected", "MATCH (p:Product)-[:PART_OF]->() REMOVE p.visible"),
    ("34_expected", "MATCH (p:Product)-[:PART_OF]->() REMOVE p.expected SET p.visible = true"),
    (
        "36_association_files",
        """MATCH (a:Association), (o:Observation)
        WHERE a.program = o.program AND NOT EXISTS { (a)-[:PART_OF]->(o) }
        CREATE (a)-[:PART_OF {basis: 'association'}]->(o)""",
    ),
    ("38_levels", "MATCH (o:Observation) SET o.planned = true, o.state = 'planned'"),
    ("38_levels", "MATCH (o:Observation) SET o.productLevel = '3', o.calib_level = 3, o.level3 = true"),
    ("38_levels", "MATCH (o:Observation) SET o.archived = true, o.present = true, o.expected = true"),
    ("38_levels", "MATCH (o:Observation) REMOVE o.archived, o.productLevel, o.calib_level"),
    ("40_composition", "MATCH (p:Product)-[:PART_OF]->()<-[:PART_OF]-(q) CREATE (p)-[:COMPOSED_OF {role: 'psf'}]->(q)"),
    ("40_composition", "MATCH (p)-[e:COMPOSED_OF]->(q) CREATE (p)-[f:COMPOSED_OF]->(q) SET f = properties(e)"),
    ("40_composition", "MATCH ()-[e:COMPOSED_OF]->() SET e.relation = 'calibration'"),
    (
        "50_previews",
        """MATCH (p:Product)-[:PART_OF]->()<-[:PART_OF]-(q)
        CREATE (p)-[:LINKED_TO {relation: 'preview', basis: 'name'}]->(q)""",
    ),
    (
        "52_visit_links",
        "MATCH (p:Product)-[:PART_OF]->(o) CREATE (p)-[:LINKED_TO {relation: 'guide_star', basis: 'name'}]->(o)",
    ),
    (
        "60_includes",
        """MATCH (a:Observation), (b:Observation) WHERE a <> b AND NOT EXISTS { (a)-[:INCLUDES]->(b) }
        CREATE (a)-[:INCLUDES {basis: ['association'], roles: ['psf']}]->(b)""",
    ),
    ("60_includes", "MATCH ()-[i:INCLUDES]->() SET i.roles = i.roles + 'psf'"),
    ("60_includes", "MATCH ()-[i:INCLUDES]->() SET i.basis = ['lineage']"),
    (
        "62_includes_mast",
        """MATCH (a:Observation), (b:Observation) WHERE a <> b AND NOT EXISTS { (a)-[:INCLUDES]->(b) }
        CREATE (a)-[:INCLUDES {basis: ['mast'], roles: []}]->(b)""",
    ),
    ("62_includes_mast", "MATCH ()-[i:INCLUDES]->() SET i.basis = i.basis + 'mast'"),
    ("64_parents", "MATCH (g:Program) SET g.mast_parents = [1]"),
    ("70_mrp", "MATCH ()-[r:PART_OF]->() SET r.mrp_rule = 'own'"),
    ("70_mrp", "MATCH ()-[r:PART_OF]->() SET r.mrp = true"),
    ("80_listed", "MATCH (o:Observation) SET o.listed = NOT o.listed"),
    ("90_products", "MATCH (p:Product)-[:PART_OF]->() SET p.obs_id = 'none'"),
    ("90_products", "MATCH (p:Product)-[:PART_OF]->() SET p.recommended = true"),
    ("95_known", "MATCH (o:Observation) SET o.headers = 77"),
    ("95_known", "MATCH (o:Observation) SET o.product_list = 'complete', o.asn_known = true"),
    ("95_known", "MATCH (o:Observation) SET o.unread = ['none'], o.unread_pools = ['none']"),
    ("96_known_programs", "MATCH (g:Program) SET g.associations = 77, g.headers = 77"),
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
    graph.run("write/programs", programs=[row["program"] for row in graph.read("internal/program_names")])
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
    with monkeypatch.context() as patch:
        put_in(patch, step, right, wrong)
        derive_again(loaded)
    found = differences(loaded, RECORDS)
    derive_again(loaded)
    assert found != []


def test_nothing_is_left_of_the_faults(loaded: Graph) -> None:
    derive_again(loaded)
    assert differences(loaded, RECORDS) == []


@pytest.mark.parametrize(("step", "stale"), STALE)
def test_what_is_not_right_goes(loaded: Graph, step: str, stale: LiteralString) -> None:
    right = digest(loaded)
    with loaded.session() as session:
        assert session.run(stale).consume().counters.contains_updates
    assert digest(loaded) != right
    derive_again(loaded)
    assert digest(loaded) == right


def test_deriving_again_writes_nothing(loaded: Graph, monkeypatch: pytest.MonkeyPatch) -> None:
    written = []
    run = ManagedTransaction.run

    def counted(tx: ManagedTransaction, text: LiteralString, *given: Any, **more: Any) -> Any:
        counters = run(tx, text, *given, **more).consume().counters
        written.append((text.splitlines()[0], counters.contains_updates))
        return run(tx, "RETURN 1 AS nothing")

    with loaded.session() as session:
        session.run("MATCH (g:Program) SET g.dirty = true").consume()
    groups = derivation.groups(loaded)
    with monkeypatch.context() as patch:
        patch.setattr(ManagedTransaction, "run", counted)
        for programs in groups:
            loaded.write(partial(derivation.together, programs=programs, say=lambda _what: None))
    assert {name for name, updates in written if updates} == set()
    assert {name for name, _ in written} == {f"// name: {step.name}" for step in queries.every("derive")}


@pytest.mark.parametrize(("step", "right", "wrong"), FROM_THE_START)
def test_a_fault_from_the_start_is_found(
    graph: Graph, monkeypatch: pytest.MonkeyPatch, step: str, right: LiteralString, wrong: LiteralString
) -> None:
    put_in(monkeypatch, step, right, wrong)
    load_all(graph)
    assert differences(graph, RECORDS) != []


def test_every_step_has_a_fault_and_something_stale() -> None:
    steps = {query.name.partition("/")[2] for query in queries.every("derive")}
    assert {step for step, _, _ in [*FAULTS, *FROM_THE_START]} == steps
    assert {step for step, _ in STALE} == steps
