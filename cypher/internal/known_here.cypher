// name: internal/known_here
// summary: What is known of the Observations that own a file, or of one Observation.
// param: name STRING  file name or Observation identifier
// returns: productLevel STRING, known LIST<MAP>
// needs: associations
// depends: names
// index: product_filename, observation_obs_id
CALL () {
  MATCH (p:Product {filename: $name})
  RETURN p.productLevel AS productLevel, COLLECT { MATCH (p)-[:PART_OF]->(o:Observation) RETURN o } AS owners
  UNION ALL
  MATCH (o:Observation {obs_id: $name})
  RETURN o.productLevel AS productLevel, [o] AS owners
}
RETURN productLevel, [o IN owners | o {.obs_id, .program, .product_list, .unread, .asn_known, .level3, .mast_calib_level}] AS known
