// name: write/restore_linked_to_observation
// summary: Restore a dump: edges of type LINKED_TO to an Observation, with all their properties.
// mode: write
// param: rows LIST<MAP>  {start, end, properties}
// returns: number INTEGER
// index: product_filename, observation_obs_id
// allow: CartesianProduct
UNWIND $rows AS row
MATCH (a:Product {filename: row.start})
MATCH (b:Observation {obs_id: row.end})
CREATE (a)-[r:LINKED_TO]->(b)
SET r = row.properties
RETURN count(*) AS number
