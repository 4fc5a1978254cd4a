// name: derive/36_association_files
// summary: Assign association files and their pools to the Observations of their products.
// creates: PART_OF
// mode: write
// param: program STRING  program number
// index: association_program, observation_obs_id
MATCH (a:Association {program: $program})
CALL (a) {
  MATCH (a)-[r:PRODUCES]->(:Product)
  WITH DISTINCT a, r.obs_id AS obs_id
  MATCH (o:Observation {obs_id: obs_id})
  OPTIONAL MATCH (a)-[:FROM_POOL]->(pool:Pool)
  UNWIND CASE WHEN pool IS NULL THEN [a] ELSE [a, pool] END AS file
  MERGE (file)-[e:PART_OF]->(o)
  ON CREATE SET e.basis = 'association'
} IN TRANSACTIONS OF 500 ROWS
