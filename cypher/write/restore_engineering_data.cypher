// name: write/restore_engineering_data
// summary: Restore a dump: nodes of label EngineeringData, with all their properties, into an empty store.
// mode: write
// param: rows LIST<MAP>  {key, properties}
// returns: number INTEGER
UNWIND $rows AS row
CREATE (n:EngineeringData {name: row.key})
SET n += row.properties
RETURN count(*) AS number
