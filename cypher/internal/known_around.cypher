// name: internal/known_around
// summary: What is known of the Observations of a file or of one Observation, and of those whose associations can name its files.
// param: name STRING  file name or Observation identifier
// returns: productLevel STRING, known LIST<MAP>
// needs: associations
// depends: names
// index: product_filename, observation_obs_id
CALL () {
  MATCH (p:Product {filename: $name})
  RETURN p.productLevel AS productLevel, COLLECT { MATCH (p)-[:PART_OF]->(e:Observation) RETURN e } AS owners
  UNION ALL
  MATCH (e:Observation {obs_id: $name})
  RETURN e.productLevel AS productLevel, [e] AS owners
}
RETURN productLevel,
  COLLECT { UNWIND owners AS e
    CALL (e) {
      RETURN e AS o
      UNION
      MATCH (e)<-[:INCLUDES]-(o:Observation)
      RETURN o
      UNION
      MATCH (e)<-[:INCLUDES]-(:Observation)-[:INCLUDES]->(o:Observation)
      WHERE o.unread IS NOT NULL
      RETURN o
    }
    RETURN o {.obs_id, .program, .product_list, .unread, .asn_known, .level3, .mast_calib_level} } AS known
