// name: write/forget_others
// summary: Remove files, Observations and reference files of other programs that nothing names any more.
// mode: write
// param: program STRING  program number, five digits
// index: program_program, product_filename, observation_obs_id, reference_file_name
MATCH (g:Program {program: $program})
UNWIND coalesce(g.forgetting, []) AS name
CALL (name) {
  OPTIONAL MATCH (p:Product {filename: name})
  WITH p, name, NOT (
    p.archived OR coalesce(p.seen, false) OR p.sha256 IS NOT NULL OR EXISTS { (p)-[:PLANS|CALIBRATED_WITH]->() }
    OR EXISTS { (p)<-[:HAS_MEMBER|PLANS|FROM_POOL]-() }
    OR EXISTS { (p)<-[:PRODUCES {basis: 'association'}]-() }
    OR EXISTS { (p)<-[:LINKED_TO {basis: 'table'}]-() }
    OR EXISTS { (p)-[:PRODUCES|LINKED_TO {basis: 'header'}]->() }) AS unnamed
  // Derivation sets these again; it does not reach a file that no association names.
  FOREACH (q IN CASE WHEN p IS NULL OR unnamed THEN [] ELSE [p] END |
    REMOVE q.expected SET q.visible = CASE WHEN q.present THEN true END)
  FOREACH (q IN CASE WHEN unnamed THEN [p] ELSE [] END | DETACH DELETE q)
  WITH name
  OPTIONAL MATCH (f:ReferenceFile {name: name})
  WHERE NOT EXISTS { (f)<-[:CALIBRATED_WITH]-() }
  FOREACH (f IN CASE WHEN f IS NULL THEN [] ELSE [f] END | DELETE f)
}
WITH DISTINCT name
OPTIONAL MATCH (o:Observation {obs_id: name})
WITH o, EXISTS { (o)<-[:PART_OF {basis: 'mast'}]-() } AS listed
WHERE o.program <> $program AND o.mast_rank IS NULL AND o.mast_list_at IS NULL AND NOT listed
SET o.mast_obsid = null, o.mast_parents = null
WITH o
WHERE NOT EXISTS { (o)<-[:PART_OF {basis: 'name'}]-() } AND NOT EXISTS { (o)<-[:LINKED_TO {basis: 'table'}]-() }
// If a file of it has another owner, 90_products sets these again.
CALL (o) { MATCH (o)<-[:PART_OF]-(p:Product) REMOVE p.obs_id, p.recommended }
DETACH DELETE o
