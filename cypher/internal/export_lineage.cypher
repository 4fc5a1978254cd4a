// name: internal/export_lineage
// summary: Everything that the own files of Observations were made from, nearest first, each file once; one row per Observation.
// param: obs_ids LIST<STRING>  Observation identifiers
// returns: obs_id STRING, files LIST<MAP>, known LIST<MAP>
// needs: associations
// depends: names
// index: observation_obs_id
UNWIND $obs_ids AS name
MATCH (o:Observation {obs_id: name})
CALL (o) {
  MATCH (o)<-[:PART_OF]-(start:Product)
  WHERE start.visible
  MATCH path = (start)-[:COMPOSED_OF*1..]->(p:Product)
  WHERE p.withdrawn IS NULL
  WITH p, min(length(path)) AS depth, min(last(relationships(path)).relation) AS relation
  ORDER BY depth, p.filename
  RETURN collect(p) AS made, collect({
    productFilename: p.filename, obs_id: p.obs_id, productType: p.productType, calib_level: p.calib_level,
    dataURI: p.dataURI, size: p.size, relation: relation, productLevel: p.productLevel, archived: p.archived
  }) AS files
}
RETURN o.obs_id AS obs_id, files,
  // Below Stage 2, files are made without an association.
  [o {.obs_id, .program, .product_list, .unread, .asn_known, .level3, .mast_calib_level}]
    + COLLECT { UNWIND made AS p
      MATCH (p)-[:PART_OF]->(e:Observation)
      WHERE p.productLevel IN ['2b', '2c', '3']
      WITH DISTINCT e
      RETURN e {.obs_id, .program, .product_list, .unread, .asn_known, .level3, .mast_calib_level} } AS known
