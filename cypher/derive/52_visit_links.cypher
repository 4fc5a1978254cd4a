// name: derive/52_visit_links
// summary: Link guide-star files to the exposures of their visit, and MSA files to its NIRSpec exposures.
// creates: LINKED_TO
// mode: write
// param: program STRING  program number
// index: observation_program, product_visit_id
MATCH (o:Observation {program: $program, form: 'exposure'})
CALL (o) {
  MATCH (p:Product {visit_id: o.visit_id})
  WHERE p.form = 'guide_star' OR (p.form = 'msa' AND o.detector STARTS WITH 'nrs')
  CREATE (p)-[:LINKED_TO {relation: p.form, basis: 'name'}]->(o)
} IN TRANSACTIONS OF 500 ROWS
