// name: derive/30_produces
// summary: Link an association to the files of its product names, at its own stage.
// creates: PRODUCES
// mode: write
// param: program STRING  program number
// index: association_program, observation_obs_id
MATCH (a:Association {program: $program})
CALL (a) {
  MATCH (a)-[r:PRODUCES {basis: 'association'}]->(main:Product)
  MATCH (o:Observation {obs_id: r.obs_id})<-[:PART_OF]-(p:Product)
  WHERE p.present AND p <> main AND p.suffix IN r.suffixes AND coalesce(p.productType, '') <> 'PREVIEW'
    AND (p.productLevel = r.productLevel OR p.form = 'plain')
  MERGE (a)-[made:PRODUCES {product: r.product, basis: 'archived'}]->(p)
  ON CREATE SET made.obs_id = r.obs_id, made.productLevel = r.productLevel
} IN TRANSACTIONS OF 500 ROWS
