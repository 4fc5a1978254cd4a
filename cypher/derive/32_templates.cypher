// name: derive/32_templates
// summary: A product name that is a template ({source_id}, {slit_name}, {suffix}) stands for every archived dataset that it matches.
// creates: PRODUCES
// mode: write
// param: program STRING  program number
// index: association_program, observation_program
MATCH (a:Association {program: $program})
WHERE a.templates <> []
CALL (a) {
  UNWIND range(0, size(a.templates) - 1) AS i
  // The program that the template names (jw02733-…): the file of the association may be of none.
  MATCH (o:Observation {program: substring(a.template_patterns[i], 2, 5), form: 'stage3'})
  WHERE o.obs_id =~ a.template_patterns[i]
  MATCH (o)<-[:PART_OF]-(p:Product)
  WHERE p.archived AND coalesce(p.productType, '') <> 'PREVIEW' AND p.stage = '3' AND p.suffix IN a.template_suffixes
    AND p.filename =~ a.template_files[i]
  MERGE (a)-[made:PRODUCES {product: a.templates[i], basis: 'archived', dataset: o.obs_id}]->(p)
  ON CREATE SET made.stage = '3'
} IN TRANSACTIONS OF 100 ROWS
