// name: derive/40_composition
// summary: Link each product to what it was made of: by names to the nearest earlier file, by associations to members.
// creates: COMPOSED_OF
// mode: write
// param: program STRING  program number
// param: made_from MAP  'form/suffix' to the suffixes of its inputs, nearest first
// param: roles MAP  exptype to relation; an exptype not in the map makes no edge
// param: first STRING  first obs_id of the part to derive; null from the beginning
// param: end STRING  first obs_id of the next part; null to the end
// index: observation_program
MATCH (o:Observation {program: $program})<-[:PART_OF]-(x:Product)
WHERE ($first IS NULL OR o.obs_id >= $first) AND ($end IS NULL OR o.obs_id < $end)
WITH x, CASE WHEN x.visible AND coalesce(x.productType, '') <> 'PREVIEW' THEN $made_from[x.form + '/' + x.suffix] END AS before,
  EXISTS { (x)<-[:PRODUCES]-() } AS produced
WHERE before IS NOT NULL OR produced OR EXISTS { (x)-[:COMPOSED_OF]->() }
// All owners of a file count, so it is taken once.
WITH DISTINCT x, before, produced
CALL (x, before, produced) {
  // By name: L2b is made of L2a, L2a of L1b, each of the nearest earlier file of its dataset.
  CALL (x, before) {
    WITH x, before
    WHERE before IS NOT NULL
    MATCH (x)-[:PART_OF]->(o)<-[:PART_OF]-(q:Product)
    WHERE q.suffix IN before AND q.form = x.form AND q.visible AND coalesce(q.productType, '') <> 'PREVIEW'
    WITH o, q, [i IN range(0, size(before) - 1) WHERE before[i] = q.suffix] AS distance
    ORDER BY distance, q.filename
    WITH o, collect(q)[0] AS nearest
    RETURN collect(DISTINCT nearest) AS named
  }
  // By association: its first product is made of the members, and later products of the first.
  CALL (x, named, produced) {
    WITH x, named
    WHERE produced AND x.visible
    MATCH (x)<-[r:PRODUCES]-(a:Association)
    WHERE r.basis <> 'header' AND a.superseded_by IS NULL AND NOT EXISTS {
      UNWIND named AS y
      MATCH (y)<-[made:PRODUCES]-(a)
      WHERE made.basis <> 'header' AND made.product = r.product AND made.obs_id = r.obs_id AND made.productLevel = r.productLevel
    }
    MATCH (a)-[m:HAS_MEMBER {product: r.product}]->(q:Product)
    WHERE q <> x AND $roles[m.exptype] IS NOT NULL
    RETURN collect(DISTINCT {q: q, role: m.exptype, asn: a.filename, relation:
      CASE WHEN $roles[m.exptype] = 'composition' AND r.productLevel <> '3' THEN 'antecedent' ELSE $roles[m.exptype] END}) AS stated
  }
  CALL (x, named, stated) {
    UNWIND stated AS each
    RETURN each.q AS q, each.relation AS relation, each.role AS role, each.asn AS asn, null AS edge
    UNION ALL
    // What an association states is not said again by name.
    UNWIND named AS q
    WITH q, stated
    WHERE none(each IN stated WHERE each.q = q)
    RETURN q, 'antecedent' AS relation, 'science' AS role, null AS asn, null AS edge
    UNION ALL
    MATCH (x)-[edge:COMPOSED_OF]->(q:Product)
    RETURN q, edge.relation AS relation, edge.role AS role, edge.asn AS asn, edge
  }
  WITH x, q, relation, role, asn, collect(edge) AS edges, count(*) > count(edge) AS right
  WHERE NOT right OR size(edges) <> 1
  FOREACH (edge IN CASE WHEN right THEN edges[1..] ELSE edges END | DELETE edge)
  FOREACH (ignored IN CASE WHEN edges = [] THEN [1] ELSE [] END |
    CREATE (x)-[:COMPOSED_OF {relation: relation, role: role, asn: asn}]->(q))
}
