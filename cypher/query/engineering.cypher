// name: query/engineering
// summary: Engineering data that overlaps the exposures of an Observation in time (no edge is stored).
// param: obs_id STRING  Observation identifier
// returns: mnemonic STRING, t_min FLOAT, t_max FLOAT, dataURI STRING
// depends: names
// index: observation_obs_id, engineering_data_t_min
// allow: CartesianProduct
MATCH (o:Observation {obs_id: $obs_id})
CALL (o) {
  CALL (o) {
    MATCH (o)<-[:PART_OF]-(p:Product)
    WHERE p.t_min IS NOT NULL
    RETURN p.t_min AS start, p.t_max AS end
    UNION
    MATCH (o)-[:INCLUDES]->(:Observation)<-[:PART_OF]-(p:Product)
    WHERE p.t_min IS NOT NULL
    RETURN p.t_min AS start, p.t_max AS end
    UNION
    MATCH (o)-[:INCLUDES]->(d:Observation)
    WHERE d.t_min IS NOT NULL AND d.t_max IS NOT NULL
    RETURN d.t_min AS start, d.t_max AS end
  }
  RETURN collect([start, end]) AS spans
}
// If no exposure has a time, use the times of MAST's row of the Observation.
WITH o, CASE WHEN spans = [] AND o.t_min IS NOT NULL AND o.t_max IS NOT NULL THEN [[o.t_min, o.t_max]] ELSE spans END AS spans
CALL () {
  OPTIONAL MATCH (e:EngineeringData)
  WHERE e.span IS NOT NULL
  RETURN e.span AS longest
  ORDER BY longest DESC
  LIMIT 1
}
UNWIND spans AS span
MATCH (e:EngineeringData)
WHERE e.t_min <= span[1] AND e.t_min >= span[0] - longest AND e.t_max >= span[0]
WITH o, e, count(*) AS times
RETURN e.mnemonic AS mnemonic, e.t_min AS t_min, e.t_max AS t_max, e.dataURI AS dataURI
ORDER BY mnemonic, t_min, t_max
