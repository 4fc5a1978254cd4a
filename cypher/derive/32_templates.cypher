// name: derive/32_templates
// summary: Match template product names ({source_id}, {slit_name}, {suffix}) with datasets that have files.
// creates: PRODUCES
// mode: write
// param: program STRING  program number
// param: first STRING  first file name of the part to derive; null from the beginning
// param: end STRING  first file name of the next part; null to the end
// index: association_program, observation_program
MATCH (a:Association {program: $program})
WHERE a.templates <> [] AND ($first IS NULL OR a.filename >= $first) AND ($end IS NULL OR a.filename < $end)
CALL (a) {
  CALL (a) {
    UNWIND range(0, size(a.templates) - 1) AS i
    // Take the program from the template (jw02733-…): the name of the association file may not contain one.
    MATCH (o:Observation {program: substring(a.template_patterns[i], 2, 5), form: 'stage3'})
    // Without this hint, the planner reads all files of a small store.
    USING INDEX o:Observation(program)
    WHERE o.obs_id =~ a.template_patterns[i]
    MATCH (o)<-[:PART_OF]-(p:Product)
    WHERE p.present AND coalesce(p.productType, '') <> 'PREVIEW' AND p.productLevel = '3' AND p.suffix IN a.template_suffixes
      AND p.filename =~ a.template_files[i]
    RETURN p, a.templates[i] AS product, o.obs_id AS obs_id, '3' AS productLevel, null AS edge
    UNION ALL
    // Edges of products that are no templates are those of 30_produces.
    MATCH (a)-[edge:PRODUCES {basis: 'archived'}]->(p:Product)
    WHERE edge.product IN a.templates
    RETURN p, edge.product AS product, edge.obs_id AS obs_id, edge.productLevel AS productLevel, edge
  }
  WITH a, p, product, obs_id, productLevel, collect(edge) AS edges, count(*) > count(edge) AS right
  WHERE NOT right OR size(edges) <> 1
  FOREACH (edge IN CASE WHEN right THEN edges[1..] ELSE edges END | DELETE edge)
  FOREACH (ignored IN CASE WHEN edges = [] THEN [1] ELSE [] END |
    CREATE (a)-[:PRODUCES {product: product, basis: 'archived', obs_id: obs_id, productLevel: productLevel}]->(p))
}
