// name: write/header_associations
// summary: The association that the header of a product names as the one that made it (ASNTABLE).
// mode: write
// param: rows LIST<MAP>  {filename, asntable, edge: {product, dataset, stage, basis}}
// index: product_filename
// allow: CartesianProduct
UNWIND $rows AS row
MATCH (p:Product {filename: row.filename})
MATCH (a:Product {filename: row.asntable})
CREATE (a)-[m:PRODUCES]->(p)
SET m += row.edge
