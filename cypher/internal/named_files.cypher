// name: internal/named_files
// summary: The files of a program that sources of other programs name, and where.
// param: program STRING  program number, five digits
// returns: filename STRING, named_by LIST<STRING>, obs_ids LIST<STRING>, linked_only BOOLEAN
// allow: NodeByLabelScan
MATCH (p:Product)
WHERE p.program = $program
CALL (p) {
  MATCH (q:Product)-[r:HAS_MEMBER|PLANS|FROM_POOL|PRODUCES|LINKED_TO]->(p)
  WHERE q.program <> $program AND coalesce(r.basis, 'association') IN ['association', 'table']
  RETURN q.filename AS name, CASE type(r) WHEN 'PRODUCES' THEN r.obs_id END AS obs_id, type(r) = 'LINKED_TO' AS linked
  UNION
  MATCH (a:Product)-[r:FROM_POOL {basis: 'header'}]->(p)
  MATCH (a)-[:PRODUCES {basis: 'header'}]->(q:Product {asnpool: p.filename})
  WHERE q.program <> $program
  RETURN q.filename AS name, null AS obs_id, false AS linked
  UNION
  MATCH (p)-[:PRODUCES|LINKED_TO {basis: 'header'}]->(q:Product)
  WHERE q.program <> $program
  RETURN q.filename AS name, null AS obs_id, false AS linked
}
WITH p.filename AS filename, name, obs_id, linked
ORDER BY filename, name
RETURN filename, collect(DISTINCT name) AS named_by, collect(DISTINCT obs_id) AS obs_ids,
  max(CASE WHEN linked THEN 0 ELSE 1 END) = 0 AS linked_only
ORDER BY filename
