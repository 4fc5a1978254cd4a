// name: internal/restore_nodes_association_product
// summary: Restore Products that are Associations from a dump.
// mode: write
// param: rows LIST<MAP>  the properties of each
// returns: number INTEGER
UNWIND $rows AS row
CREATE (n:Association:Product)
SET n = row
RETURN count(*) AS number
