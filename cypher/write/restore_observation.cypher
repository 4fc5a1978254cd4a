// name: write/restore_observation
// summary: Restore a dump: nodes of label Observation, with all their properties, into an empty store.
// mode: write
// param: rows LIST<MAP>  {key, properties}
// returns: number INTEGER
UNWIND $rows AS row
CREATE (n:Observation {obs_id: row.key})
SET n += row.properties
RETURN count(*) AS number
