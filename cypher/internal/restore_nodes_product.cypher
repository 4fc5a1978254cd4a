// name: internal/restore_nodes_product
// summary: Restore Products from a dump.
// mode: write
// param: rows LIST<MAP>  the properties of each
// returns: number INTEGER
UNWIND $rows AS row
CREATE (n:Product)
SET n = row
RETURN count(*) AS number
