// name: derive/30_produces
// summary: Link an association to the files of its product names, at its own stage.
// creates: PRODUCES
// mode: write
// param: program STRING  program number
// param: first STRING  first file name of the part to derive; null from the beginning
// param: end STRING  first file name of the next part; null to the end
// index: association_program, observation_obs_id
MATCH (a:Association {program: $program})
WHERE ($first IS NULL OR a.filename >= $first) AND ($end IS NULL OR a.filename < $end)
CALL (a) {
  CALL (a) {
    MATCH (a)-[r:PRODUCES {basis: 'association'}]->(main:Product)
    MATCH (o:Observation {obs_id: r.obs_id})<-[:PART_OF]-(p:Product)
    WHERE p.present AND p <> main AND p.suffix IN r.suffixes AND coalesce(p.productType, '') <> 'PREVIEW'
      AND (p.productLevel = r.productLevel OR p.form = 'plain')
    RETURN p, r.product AS product, r.obs_id AS obs_id, r.productLevel AS productLevel, null AS edge
    UNION ALL
    MATCH (a)-[edge:PRODUCES {basis: 'archived'}]->(p:Product)
    WHERE NOT edge.product IN coalesce(a.templates, [])
    RETURN p, edge.product AS product, edge.obs_id AS obs_id, edge.productLevel AS productLevel, edge
  }
  WITH a, p, product, obs_id, productLevel, collect(edge) AS edges, count(*) > count(edge) AS right
  WHERE NOT right OR size(edges) <> 1
  FOREACH (edge IN CASE WHEN right THEN edges[1..] ELSE edges END | DELETE edge)
  FOREACH (ignored IN CASE WHEN edges = [] THEN [1] ELSE [] END |
    CREATE (a)-[:PRODUCES {product: product, basis: 'archived', obs_id: obs_id, productLevel: productLevel}]->(p))
}
