// name: derive/36_association_files
// summary: Assign association files and their pools to the Observations of their products.
// creates: PART_OF
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
    WHERE r.obs_id = o.obs_id
    WITH DISTINCT a
    OPTIONAL MATCH (a)-[:FROM_POOL]->(pool:Pool)
    UNWIND CASE WHEN pool IS NULL THEN [a] ELSE [a, pool] END AS file
    RETURN file, null AS edge
    UNION ALL
    MATCH (o)<-[edge:PART_OF {basis: 'association'}]-(file:Product)
    RETURN file, edge
  }
  WITH o, file, collect(edge) AS edges, count(*) > count(edge) AS right
  // A list or a name may say it already.
  WHERE NOT right OR (edges = [] AND NOT EXISTS { (file)-[:PART_OF]->(o) })
  // If it has another owner, 90_products sets these again.
  FOREACH (edge IN edges | DELETE edge SET file.obs_id = null, file.recommended = null)
  FOREACH (ignored IN CASE WHEN right THEN [1] ELSE [] END | CREATE (file)-[:PART_OF {basis: 'association'}]->(o))
}
