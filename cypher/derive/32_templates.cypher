// name: derive/32_templates
// summary: Match template product names ({source_id}, {slit_name}, {suffix}) with datasets that have files.
// creates: PRODUCES
// mode: write
// param: program STRING  program number
// index: association_program, observation_program
MATCH (a:Association {program: $program})
WHERE a.templates <> []
CALL (a) {
  UNWIND range(0, size(a.templates) - 1) AS i
  // Take the program from the template (jw02733-…): the name of the association file may not contain one.
  MATCH (o:Observation {program: substring(a.template_patterns[i], 2, 5), form: 'stage3'})
  WHERE o.obs_id =~ a.template_patterns[i]
  MATCH (o)<-[:PART_OF]-(p:Product)
  WHERE p.present AND coalesce(p.productType, '') <> 'PREVIEW' AND p.productLevel = '3' AND p.suffix IN a.template_suffixes
    AND p.filename =~ a.template_files[i]
  MERGE (a)-[made:PRODUCES {product: a.templates[i], basis: 'archived', obs_id: o.obs_id}]->(p)
  ON CREATE SET made.productLevel = '3'
} IN TRANSACTIONS OF 100 ROWS
