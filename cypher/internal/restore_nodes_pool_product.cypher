// name: internal/restore_nodes_pool_product
// summary: Restore Products that are Pools from a dump.
// mode: write
// param: rows LIST<MAP>  the properties of each
// returns: number INTEGER
UNWIND $rows AS row
CREATE (n:Pool:Product)
SET n = row
RETURN count(*) AS number
