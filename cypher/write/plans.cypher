// name: write/plans
// summary: Write the exposures that a pool lists; of several rows for a file keep the greatest rank.
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
