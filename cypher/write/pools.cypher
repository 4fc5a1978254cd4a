// name: write/pools
// summary: Link an association to its pool, as named in its file or in the header of its product.
// mode: write
// param: rows LIST<MAP>  {filename, pool, basis}, basis association or header
// index: product_filename
// allow: CartesianProduct
UNWIND $rows AS row
MATCH (a:Product {filename: row.filename})
MATCH (p:Product {filename: row.pool})
MERGE (a)-[:FROM_POOL {basis: row.basis}]->(p)
