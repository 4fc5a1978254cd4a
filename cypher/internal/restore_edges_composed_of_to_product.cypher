// name: internal/restore_edges_composed_of_to_product
// summary: Restore COMPOSED_OF edges from Products to Products from a dump.
// mode: write
// param: rows LIST<MAP>  {start, end, properties}
// returns: number INTEGER
// index: product_filename
// allow: CartesianProduct
UNWIND $rows AS row
MATCH (a:Product {filename: row.start})
MATCH (b:Product {filename: row.end})
CREATE (a)-[r:COMPOSED_OF]->(b)
SET r = row.properties
RETURN count(*) AS number
