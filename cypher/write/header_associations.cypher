// name: write/header_associations
// summary: Link a product to the association named in its header (ASNTABLE).
// mode: write
// param: rows LIST<MAP>  {filename, asntable, edge: {product, obs_id, productLevel, basis}}
// index: product_filename
// allow: CartesianProduct
UNWIND $rows AS row
MATCH (p:Product {filename: row.filename})
MATCH (a:Product {filename: row.asntable})
CREATE (a)-[m:PRODUCES]->(p)
SET m += row.edge
