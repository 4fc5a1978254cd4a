// name: internal/restore_nodes_observation
// summary: Restore Observations from a dump.
// mode: write
// param: rows LIST<MAP>  the properties of each
// returns: number INTEGER
UNWIND $rows AS row
CREATE (n:Observation)
SET n = row
RETURN count(*) AS number
