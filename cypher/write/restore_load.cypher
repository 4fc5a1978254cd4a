// name: write/restore_load
// summary: Restore a dump: nodes of label Load, with all their properties, into an empty store.
// mode: write
// param: rows LIST<MAP>  {key, properties}
// returns: number INTEGER
UNWIND $rows AS row
CREATE (n:Load {id: row.key})
SET n += row.properties
RETURN count(*) AS number
