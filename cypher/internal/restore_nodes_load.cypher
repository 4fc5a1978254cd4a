// name: internal/restore_nodes_load
// summary: Restore Loads from a dump.
// mode: write
// param: rows LIST<MAP>  the properties of each
// returns: number INTEGER
UNWIND $rows AS row
CREATE (n:Load)
SET n = row
RETURN count(*) AS number
