// name: write/restore_linked_to_product
// summary: Restore a dump: edges of type LINKED_TO to a Product, with all their properties.
// mode: write
// param: rows LIST<MAP>  {start, end, properties}
// returns: number INTEGER
// index: product_filename
// allow: CartesianProduct
UNWIND $rows AS row
MATCH (a:Product {filename: row.start})
MATCH (b:Product {filename: row.end})
CREATE (a)-[r:LINKED_TO]->(b)
SET r = row.properties
RETURN count(*) AS number
