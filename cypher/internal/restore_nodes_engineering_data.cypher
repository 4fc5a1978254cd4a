// name: internal/restore_nodes_engineering_data
// summary: Restore EngineeringData from a dump.
// mode: write
// param: rows LIST<MAP>  the properties of each
// returns: number INTEGER
UNWIND $rows AS row
CREATE (n:EngineeringData)
SET n = row
RETURN count(*) AS number
