// name: write/restore_program
// summary: Restore a dump: nodes of label Program, with all their properties, into an empty store.
// mode: write
// param: rows LIST<MAP>  {key, properties}
// returns: number INTEGER
UNWIND $rows AS row
CREATE (n:Program {program: row.key})
SET n += row.properties
RETURN count(*) AS number
