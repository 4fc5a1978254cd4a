// name: internal/restore_edges_from_pool_to_product
// summary: Restore FROM_POOL edges from Products to Products from a dump.
// mode: write
// param: rows LIST<MAP>  {start, end, properties}
// returns: number INTEGER
// index: product_filename
// allow: CartesianProduct
UNWIND $rows AS row
MATCH (a:Product {filename: row.start})
MATCH (b:Product {filename: row.end})
CREATE (a)-[r:FROM_POOL]->(b)
SET r = row.properties
RETURN count(*) AS number
