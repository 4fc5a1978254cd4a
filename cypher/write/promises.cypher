// name: write/promises
// summary: Link an association to the main file it should make; other archived files are matched later.
// mode: write
// param: rows LIST<MAP>  {filename, main, edge: {product, obs_id, productLevel, suffixes, basis}}
// index: product_filename
// allow: CartesianProduct
UNWIND $rows AS row
MATCH (a:Product {filename: row.filename})
MATCH (p:Product {filename: row.main})
CREATE (a)-[m:PRODUCES]->(p)
SET m += row.edge
