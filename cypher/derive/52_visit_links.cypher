// name: derive/52_visit_links
// summary: Link guide-star files to the exposures of their visit, and MSA files to its NIRSpec exposures.
// creates: LINKED_TO
// mode: write
// param: program STRING  program number
// param: first STRING  first obs_id of the part to derive; null from the beginning
// param: end STRING  first obs_id of the next part; null to the end
// index: observation_program, product_visit_id
MATCH (o:Observation {program: $program})
WHERE ($first IS NULL OR o.obs_id >= $first) AND ($end IS NULL OR o.obs_id < $end)
CALL (o) {
  CALL (o) {
    WITH o
    WHERE o.form = 'exposure'
    MATCH (p:Product {visit_id: o.visit_id})
    WHERE p.form = 'guide_star' OR (p.form = 'msa' AND o.detector STARTS WITH 'nrs')
    RETURN p, p.form AS relation, null AS edge
    UNION ALL
    MATCH (o)<-[edge:LINKED_TO {basis: 'name'}]-(p:Product)
    WHERE edge.relation IN ['guide_star', 'msa']
    RETURN p, edge.relation AS relation, edge
  }
  WITH o, p, relation, collect(edge) AS edges, count(*) > count(edge) AS right
  WHERE NOT right OR size(edges) <> 1
  FOREACH (edge IN CASE WHEN right THEN edges[1..] ELSE edges END | DELETE edge)
  FOREACH (ignored IN CASE WHEN edges = [] THEN [1] ELSE [] END |
    CREATE (p)-[:LINKED_TO {relation: relation, basis: 'name'}]->(o))
}
