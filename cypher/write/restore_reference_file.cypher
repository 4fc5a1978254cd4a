// name: write/restore_reference_file
// summary: Restore a dump: nodes of label ReferenceFile, with all their properties, into an empty store.
// mode: write
// param: rows LIST<MAP>  {key, properties}
// returns: number INTEGER
UNWIND $rows AS row
CREATE (n:ReferenceFile {name: row.key})
SET n += row.properties
RETURN count(*) AS number
