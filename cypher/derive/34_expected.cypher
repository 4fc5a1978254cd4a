// name: derive/34_expected
// summary: Mark absent files expected if a current association names them and no other file fulfils it.
// creates: Product.expected, Product.visible
// mode: write
// param: program STRING  program number
// param: first STRING  first name of the part to derive; null from the beginning
// param: end STRING  first name of the next part; null to the end
// index: observation_program, association_program
CALL () {
  MATCH (o:Observation {program: $program})<-[:PART_OF]-(p:Product)
  WHERE ($first IS NULL OR o.obs_id >= $first) AND ($end IS NULL OR o.obs_id < $end) AND (NOT p.present OR p.expected OR p.visible IS NULL)
  RETURN p
  UNION
  // Members whose names contain no dataset: no Observation owns them.
  MATCH (a:Association {program: $program})-[:HAS_MEMBER]->(p:Product)
  WHERE ($first IS NULL OR a.filename >= $first) AND ($end IS NULL OR a.filename < $end) AND (NOT p.present OR p.expected OR p.visible IS NULL)
    AND NOT EXISTS { (p)-[:PART_OF]->() }
  RETURN p
}
CALL (p) {
  WITH p, NOT p.present AND p.withdrawn IS NULL AND (
    EXISTS { (p)<-[:HAS_MEMBER]-(a:Association) WHERE a.superseded_by IS NULL }
    OR EXISTS {
      (p)<-[r:PRODUCES {basis: 'association'}]-(a:Association)
      WHERE a.superseded_by IS NULL AND a.duplicate_of IS NULL
        AND NOT EXISTS { (a)-[:PRODUCES {product: r.product, basis: 'archived'}]->() }
    }) AS expected
  WHERE expected <> coalesce(p.expected, false) OR coalesce(p.visible, false) <> (p.present OR expected)
  SET p.expected = CASE WHEN expected THEN true END, p.visible = CASE WHEN p.present OR expected THEN true END
}
