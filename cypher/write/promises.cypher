// name: write/promises
// summary: The main file that an association promises; what is archived in its place is found when edges are derived.
// mode: write
// param: rows LIST<MAP>  {filename, main, edge: {product, dataset, stage, suffixes, basis}}
// index: product_filename
// allow: CartesianProduct
UNWIND $rows AS row
MATCH (a:Product {filename: row.filename})
MATCH (p:Product {filename: row.main})
CREATE (a)-[m:PRODUCES]->(p)
SET m += row.edge
