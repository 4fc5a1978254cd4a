// name: write/plans
// summary: Exposures that a pool lists, planned or executed; of several rows of one pool for a file the greatest holds.
// mode: write
// param: rows LIST<MAP>  {pool, filename, rank, edge: {…}}, each pool and file once
// index: product_filename
// allow: CartesianProduct
UNWIND $rows AS row
MATCH (pool:Product {filename: row.pool})
MATCH (p:Product {filename: row.filename})
MERGE (pool)-[r:PLANS]->(p)
FOREACH (ignored IN CASE WHEN row.rank > coalesce(r.rank, '') THEN [1] ELSE [] END |
  SET r = row.edge)
