// name: derive/60_includes
// summary: Include the members of a Level 3 Observation in any role and their inputs; stop at another Level 3.
// creates: INCLUDES
// mode: write
// param: program STRING  program number
// param: first STRING  first obs_id of the part to derive; null from the beginning
// param: end STRING  first obs_id of the next part; null to the end
// index: observation_program
MATCH (o:Observation {program: $program})
WHERE ($first IS NULL OR o.obs_id >= $first) AND ($end IS NULL OR o.obs_id < $end)
CALL (o) {
  CALL (o) {
    MATCH (o)<-[:PART_OF]-(:Product)<-[r:PRODUCES]-(a:Association)
    WHERE o.level3 AND a.superseded_by IS NULL AND r.obs_id = o.obs_id
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
    WITH e, basis, role, count(*) AS times
    ORDER BY basis, role
    WITH e, collect(DISTINCT basis) AS basis, collect(DISTINCT role) AS roles
    RETURN e, CASE WHEN 'association' IN basis THEN ['association'] ELSE basis END AS basis, roles, null AS edge
    UNION ALL
    MATCH (o)-[edge:INCLUDES]->(e:Observation)
    RETURN e, [] AS basis, [] AS roles, edge
  }
  WITH o, e, reduce(all = [], each IN collect(basis) | all + each) AS basis, reduce(all = [], each IN collect(roles) | all + each) AS roles,
    collect(edge)[0] AS edge
  // What MAST lists (62_includes_mast) stays.
  WITH o, e, basis, roles, edge, [each IN edge.basis WHERE each = 'mast'] AS listed
  WHERE edge IS NULL OR edge.basis <> basis + listed OR edge.roles <> roles
  FOREACH (ignored IN CASE WHEN edge IS NULL THEN [1] ELSE [] END | CREATE (o)-[:INCLUDES {basis: basis, roles: roles}]->(e))
  FOREACH (each IN CASE WHEN basis + listed = [] THEN [edge] ELSE [] END | DELETE each)
  FOREACH (each IN CASE WHEN basis + listed <> [] THEN [edge] ELSE [] END | SET each.basis = basis + listed, each.roles = roles)
}
