// name: write/pools
// summary: The pool that an association was generated from.
// mode: write
// param: rows LIST<MAP>  {filename, pool}
// index: product_filename
// allow: CartesianProduct
UNWIND $rows AS row
MATCH (a:Product {filename: row.filename})
MATCH (p:Product {filename: row.pool})
MERGE (a)-[:FROM_POOL]->(p)
