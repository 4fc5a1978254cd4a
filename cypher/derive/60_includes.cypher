// name: derive/60_includes
// summary: Include the members of a Level 3 Observation in any role and their inputs; stop at another Level 3.
// creates: INCLUDES
// mode: write
// param: program STRING  program number
// index: observation_program
MATCH (o:Observation {program: $program})
WHERE o.level3
CALL (o) {
  MATCH (o)<-[:PART_OF]-(:Product)<-[r:PRODUCES]-(a:Association)
  WHERE a.superseded_by IS NULL AND r.obs_id = o.obs_id
  WITH o, a, r.product AS product, count(*) AS times
  MATCH (a)-[m:HAS_MEMBER {product: product}]->(q:Product)
  CALL (q, m) {
    RETURN q AS file, 'association' AS basis, m.exptype AS role
    UNION ALL
    MATCH path = (q)-[:COMPOSED_OF*1..]->(file:Product)
    WHERE none(step IN nodes(path) WHERE coalesce(step.productLevel, '') = '3'
      OR (step.productLevel IS NULL AND EXISTS { (step)-[:PART_OF]->(l:Observation) WHERE l.level3 }))
    RETURN file, 'lineage' AS basis,
      CASE WHEN m.exptype = 'science'
        THEN coalesce(head([e IN relationships(path) WHERE e.role <> 'science' | e.role]), 'science')
        ELSE m.exptype END AS role
  }
  MATCH (file)-[:PART_OF]->(e:Observation)
  WHERE e <> o AND NOT e.level3
  WITH o, e, basis, role, count(*) AS times
  ORDER BY basis, role
  WITH o, e, collect(DISTINCT basis) AS basis, collect(DISTINCT role) AS roles
  CREATE (o)-[:INCLUDES {basis: CASE WHEN 'association' IN basis THEN ['association'] ELSE basis END, roles: roles}]->(e)
} IN TRANSACTIONS OF 50 ROWS
