// name: internal/known_headers
// summary: Whether headers, and times of the exposures, are loaded for a file, or for an Observation and what it includes.
// param: name STRING  file name or Observation identifier
// returns: name STRING, headers INTEGER, times BOOLEAN
// depends: names
// index: product_filename, observation_obs_id
CALL () {
  MATCH (p:Product {filename: $name})
  RETURN p.filename AS name, p.program AS program, CASE WHEN p.header_rank IS NULL THEN 0 ELSE 1 END AS headers, p.t_min IS NOT NULL AS times
  UNION ALL
  MATCH (o:Observation {obs_id: $name})
  RETURN o.obs_id AS name, o.program AS program,
    reduce(sum = 0, number IN COLLECT { MATCH (o)-[:INCLUDES*0..1]->(d:Observation) RETURN coalesce(d.headers, 0) } | sum + number) AS headers,
    EXISTS { MATCH (o)-[:INCLUDES*0..1]->(d:Observation) WHERE d.t_min IS NOT NULL OR EXISTS { (d)<-[:PART_OF]-(p:Product) WHERE p.t_min IS NOT NULL } } AS times
}
RETURN name, headers, times
