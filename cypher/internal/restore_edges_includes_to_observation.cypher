// name: internal/restore_edges_includes_to_observation
// summary: Restore INCLUDES edges from Observations to Observations from a dump.
// mode: write
// param: rows LIST<MAP>  {start, end, properties}
// returns: number INTEGER
// index: observation_obs_id
// allow: CartesianProduct
UNWIND $rows AS row
MATCH (a:Observation {obs_id: row.start})
MATCH (b:Observation {obs_id: row.end})
CREATE (a)-[r:INCLUDES]->(b)
SET r = row.properties
RETURN count(*) AS number
