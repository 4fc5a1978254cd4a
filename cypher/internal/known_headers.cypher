// name: internal/known_headers
// summary: Whether headers, keywords of MAST and times of the exposures are loaded for a file, or for an Observation and what it includes.
// param: name STRING  file name or Observation identifier
// returns: name STRING, headers INTEGER, keywords INTEGER, times BOOLEAN
// depends: names
// index: product_filename, observation_obs_id
CALL () {
  MATCH (p:Product {filename: $name})
  RETURN p.filename AS name, p.program AS program, [p.header_rank] AS ranks, p.t_min IS NOT NULL AS times
  UNION ALL
  MATCH (o:Observation {obs_id: $name})
  RETURN o.obs_id AS name, o.program AS program,
    COLLECT { MATCH (o)-[:INCLUDES*0..1]->(:Observation)<-[:PART_OF]-(p:Product) RETURN p.header_rank } AS ranks,
    EXISTS { MATCH (o)-[:INCLUDES*0..1]->(d:Observation) WHERE d.t_min IS NOT NULL OR EXISTS { (d)<-[:PART_OF]-(p:Product) WHERE p.t_min IS NOT NULL } } AS times
}
// The rank of MAST's keywords begins with a minus.
RETURN name, size([rank IN ranks WHERE NOT rank STARTS WITH '-']) AS headers, size([rank IN ranks WHERE rank STARTS WITH '-']) AS keywords,
  times
