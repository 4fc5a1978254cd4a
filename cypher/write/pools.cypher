// name: write/pools
// summary: The pool that an association was generated from, as its file or the header of its product says.
// mode: write
// param: rows LIST<MAP>  {filename, pool, basis}, basis association or header
// index: product_filename
// allow: CartesianProduct
UNWIND $rows AS row
MATCH (a:Product {filename: row.filename})
MATCH (p:Product {filename: row.pool})
MERGE (a)-[:FROM_POOL {basis: row.basis}]->(p)
