// name: internal/restore_observation_to_observation
// summary: Restore edges between Observations from a dump.
// mode: write
// param: rows LIST<MAP>  {type, start, end, properties}
// returns: number INTEGER
// index: observation_obs_id
// allow: CartesianProduct
UNWIND $rows AS row
MATCH (a:Observation {obs_id: row.start})
MATCH (b:Observation {obs_id: row.end})
FOREACH (ignored IN CASE row.type WHEN 'INCLUDES' THEN [1] ELSE [] END | CREATE (a)-[r:INCLUDES]->(b) SET r = row.properties)
RETURN count(*) AS number
