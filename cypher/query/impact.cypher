// name: query/impact
// summary: Everything made from a reference file, a file or an Observation, by the shortest path.
// param: name STRING  reference file (crds://…), file name or Observation identifier
// returns: productFilename STRING, obs_id STRING, calib_level INTEGER, recommended BOOLEAN, depth INTEGER, size INTEGER, observations LIST<MAP>
// index: reference_file_name, product_filename, observation_obs_id
CALL () {
  MATCH (:ReferenceFile {name: $name})<-[:CALIBRATED_WITH]-(p:Product)
  RETURN p
  UNION
  MATCH (p:Product {filename: $name})
  RETURN p
  UNION
  MATCH (:Observation {obs_id: $name})<-[:PART_OF]-(p:Product)
  WHERE p.visible AND NOT coalesce(p.productType, '') IN ['INFO', 'PREVIEW']
  RETURN p
}
WITH collect(DISTINCT p) AS starts
UNWIND starts AS start
CALL (start) {
  RETURN start AS p, 0 AS depth
  UNION ALL
  MATCH path = (start)<-[:COMPOSED_OF*1..]-(p:Product)
  RETURN p, min(length(path)) AS depth
}
WITH p, min(depth) AS depth
WITH p, depth, COLLECT { MATCH (p)-[:PART_OF]->(o:Observation) RETURN {obs_id: o.obs_id, calib_level: o.calib_level} ORDER BY o.obs_id } AS observations
RETURN p.filename AS productFilename, head(observations).obs_id AS obs_id, p.calib_level AS calib_level,
  coalesce(p.recommended, false) AS recommended, depth, p.size AS size, observations
ORDER BY depth, productFilename
