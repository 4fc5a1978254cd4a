// name: internal/restore_nodes_reference_file
// summary: Restore ReferenceFiles from a dump.
// mode: write
// param: rows LIST<MAP>  the properties of each
// returns: number INTEGER
UNWIND $rows AS row
CREATE (n:ReferenceFile)
SET n = row
RETURN count(*) AS number
