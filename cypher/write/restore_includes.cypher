// name: write/restore_includes
// summary: Restore a dump: edges of type INCLUDES, with all their properties.
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
