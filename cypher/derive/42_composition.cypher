// name: derive/42_composition
// summary: Link the first product of an association to its members by role, and later products to the first.
// creates: COMPOSED_OF
// mode: write
// param: program STRING  program number
// param: roles MAP  exptype to relation; an exptype not in the map makes no edge
// index: association_program
MATCH (a:Association {program: $program})
WHERE a.superseded_by IS NULL
CALL (a) {
  MATCH (a)-[r:PRODUCES]->(x:Product)
  WHERE x.visible AND r.basis <> 'header'
  WITH a, r.product AS product, r.obs_id AS obs_id, r.productLevel AS productLevel, collect(DISTINCT x) AS made
  UNWIND made AS x
  WITH a, product, productLevel, made, x
  // Read only edges from names (40_antecedents), not those of other associations: their order is undefined.
  WHERE NOT EXISTS { (x)-[shown:COMPOSED_OF]->(y:Product) WHERE shown.asn IS NULL AND y IN made }
  MATCH (a)-[m:HAS_MEMBER {product: product}]->(q:Product)
  WHERE q <> x AND $roles[m.exptype] IS NOT NULL
  WITH a, x, q, productLevel, m.exptype AS role, count(*) AS times
  CREATE (x)-[:COMPOSED_OF {
    relation: CASE WHEN $roles[role] = 'composition' AND productLevel <> '3' THEN 'antecedent' ELSE $roles[role] END,
    role: role,
    asn: a.filename
  }]->(q)
} IN TRANSACTIONS OF 200 ROWS
