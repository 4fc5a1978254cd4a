// name: query/history
// summary: All versions of an association, or of those that make a product, newest first.
// param: name STRING  association file, product file, Observation, or product name of an association
// param: program STRING = *  program of the product name, five digits; * if unknown
// returns: association STRING, version_id STRING, superseded_by STRING, known LIST<MAP>
// needs: derivation
// index: product_filename, observation_obs_id
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
  MATCH (a:Association {program: $program})
  WHERE $name IN a.products
  RETURN a
}
CALL (a) {
  RETURN a AS b
  UNION
  MATCH (b:Association {program: a.program})
  WHERE coalesce(b.asn_id, '') = coalesce(a.asn_id, '') AND coalesce(b.asn_type, '') = coalesce(a.asn_type, '')
    AND any(product IN b.products WHERE product IN a.products)
  RETURN b
}
WITH b, count(*) AS times
RETURN b.filename AS association, b.version_id AS version_id, b.superseded_by AS superseded_by,
  [{program: b.program, unfinished: EXISTS { (:Program {program: b.program, dirty: true}) }}] AS known
ORDER BY toLower(coalesce(version_id, '')) DESC, association
