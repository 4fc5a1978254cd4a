// name: query/references
// summary: Calibration reference files applied to a file, or to the files of an Observation and its exposures.
// param: name STRING  file name or Observation identifier
// returns: productFilename STRING, keyword STRING, reference STRING, context STRING
// index: product_filename, observation_obs_id
CALL () {
  MATCH (p:Product {filename: $name})
  RETURN p
  UNION
  MATCH (:Observation {obs_id: $name})<-[:PART_OF]-(p:Product)
  RETURN p
  UNION
  MATCH (:Observation {obs_id: $name})-[:INCLUDES]->(:Observation)<-[:PART_OF]-(p:Product)
  RETURN p
}
MATCH (p)-[r:CALIBRATED_WITH]->(f:ReferenceFile)
RETURN p.filename AS productFilename, r.keyword AS keyword, f.name AS reference, max(r.context) AS context
ORDER BY productFilename, keyword, reference
