// name: internal/restore_nodes_program
// summary: Restore Programs from a dump.
// mode: write
// param: rows LIST<MAP>  the properties of each
// returns: number INTEGER
UNWIND $rows AS row
CREATE (n:Program)
SET n = row
RETURN count(*) AS number
