// name: query/references
// summary: Calibration reference files applied to a file, or to the files of an Observation and its exposures.
// param: name STRING  file name or Observation identifier
// returns: productFilename STRING, keyword STRING, reference STRING, context STRING, known LIST<MAP>
// needs: headers
// depends: names
// index: product_filename, observation_obs_id
CALL () {
  OPTIONAL MATCH (o:Observation {obs_id: $name})
  CALL (o) {
    MATCH (o)-[:INCLUDES*0..1]->(d:Observation)
    // Keywords of MAST, whose rank begins with a minus, name no reference files.
    WHERE NOT EXISTS { (d)<-[:PART_OF]-(p:Product) WHERE NOT p.header_rank STARTS WITH '-' }
    RETURN min(d.obs_id) AS without, count(DISTINCT d) AS without_number
  }
  RETURN CASE WHEN o IS NULL THEN [] ELSE [{program: o.program, without: without, without_number: without_number}] END AS known
}
// With a variable from above, the planner keeps the order of the two parts.
CALL (known) {
  MATCH (p:Product {filename: $name})
  RETURN p
  UNION
  MATCH (:Observation {obs_id: $name})<-[own:PART_OF]-(p:Product)
  WHERE own.withdrawn IS NULL
  RETURN p
  UNION
  MATCH (:Observation {obs_id: $name})-[:INCLUDES]->(:Observation)<-[own:PART_OF]-(p:Product)
  WHERE own.withdrawn IS NULL
  RETURN p
}
MATCH (p)-[r:CALIBRATED_WITH]->(f:ReferenceFile)
RETURN p.filename AS productFilename, r.keyword AS keyword, f.name AS reference, max(r.context) AS context, known
ORDER BY productFilename, keyword, reference
