// name: write/restore_product
// summary: Restore a dump: nodes of label Product, with all their properties, into an empty store.
// mode: write
// param: rows LIST<MAP>  {key, properties}
// returns: number INTEGER
UNWIND $rows AS row
CREATE (n:Product {filename: row.key})
SET n += row.properties
RETURN count(*) AS number
