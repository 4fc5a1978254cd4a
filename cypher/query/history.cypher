// name: query/history
// summary: All versions of an association, or of those that make a product, newest first, withdrawn ones too.
// param: name STRING  association file, product file, Observation, or product name of an association
// param: program STRING = *  program of the product name, five digits; * if unknown
// returns: association STRING, version_id STRING, superseded_by STRING, loaded BOOLEAN, withdrawn BOOLEAN
// depends: names
// index: product_filename, observation_obs_id, association_program
CALL () {
  MATCH (a:Product {filename: $name})
  WHERE a:Association
  RETURN a
  UNION
  MATCH (:Product {filename: $name})<-[:PRODUCES]-(a:Association)
  RETURN a
  UNION
  MATCH (:Observation {obs_id: $name})<-[:PART_OF]-(:Product)<-[:PRODUCES {obs_id: $name}]-(a:Association)
  RETURN a
  UNION
  // Those that MAST lists and whose content is not loaded belong to the Observations that they make.
  MATCH (:Observation {obs_id: $name})<-[:PART_OF {basis: 'mast'}]-(a:Association)
  RETURN a
  UNION
  MATCH (p:Product {filename: $name})-[:PART_OF]->(:Observation)<-[:PART_OF {basis: 'mast'}]-(a:Association)
  WHERE NOT coalesce(p.form, '') IN ['association', 'pool', 'guide_star', 'msa']
  RETURN a
  UNION
  MATCH (a:Association {program: $program})
  WHERE $name IN a.products
  RETURN a
}
CALL (a) {
  RETURN a AS b
  UNION
  WITH [line IN coalesce(a.products, []) + COLLECT { MATCH (a)-[:PART_OF]->(o:Observation) WHERE a.sha256 IS NULL RETURN o.obs_id } +
    COLLECT { MATCH (a)-[made:PRODUCES {basis: 'association'}]->(:Product) RETURN made.obs_id }] AS lines
  MATCH (b:Association {program: a.program})
  WHERE coalesce(b.asn_id, '') = coalesce(a.asn_id, '') AND coalesce(b.asn_type, '') = coalesce(a.asn_type, '')
    AND (any(product IN b.products WHERE product IN lines)
      OR any(pattern IN b.template_patterns WHERE any(line IN lines WHERE line =~ pattern))
      OR EXISTS {
        MATCH (b)-[:PART_OF]->(o:Observation)
        WHERE b.sha256 IS NULL AND (o.obs_id IN lines OR any(pattern IN coalesce(a.template_patterns, []) WHERE o.obs_id =~ pattern))
      })
  RETURN b
}
WITH b, count(*) AS times
RETURN b.filename AS association, b.version_id AS version_id, b.superseded_by AS superseded_by, b.sha256 IS NOT NULL AS loaded,
  coalesce(b.withdrawn, false) AS withdrawn
ORDER BY toLower(coalesce(version_id, '')) DESC, association
