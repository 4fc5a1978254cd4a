// name: derive/42_composition
// summary: What an association makes first is made of its members, by role; the rest of what it makes is made of that.
// creates: COMPOSED_OF
// mode: write
// param: program STRING  program number
// param: roles MAP  exptype to relation; a role that is absent makes no edge
// index: association_program
MATCH (a:Association {program: $program})
WHERE a.superseded_by IS NULL
CALL (a) {
  MATCH (a)-[r:PRODUCES]->(x:Product)
  WHERE x.visible AND r.basis <> 'header'
  WITH a, r.product AS product, r.dataset AS dataset, r.stage AS stage, collect(DISTINCT x) AS made
  UNWIND made AS x
  WITH a, product, stage, made, x
  // What names show (40_antecedents), not what another association has just said: the order of associations is open.
  WHERE NOT EXISTS { (x)-[shown:COMPOSED_OF]->(y:Product) WHERE shown.asn IS NULL AND y IN made }
  MATCH (a)-[m:HAS_MEMBER {product: product}]->(q:Product)
  WHERE q <> x AND $roles[m.exptype] IS NOT NULL
  WITH a, x, q, stage, m.exptype AS role, count(*) AS times
  CREATE (x)-[:COMPOSED_OF {
    relation: CASE WHEN $roles[role] = 'composition' AND stage <> '3' THEN 'antecedent' ELSE $roles[role] END,
    role: role,
    asn: a.filename
  }]->(q)
} IN TRANSACTIONS OF 200 ROWS
