// name: internal/same_plans
// summary: Numbers of the rows of `write/plans` that would change nothing.
// param: rows LIST<MAP>  {pool, filename, rank, …}
// returns: same LIST<INTEGER>
// index: product_filename
UNWIND range(0, size($rows) - 1) AS number
WITH number, $rows[number] AS row
MATCH (p:Product {filename: row.filename})
WHERE EXISTS {
  MATCH (p)<-[r:PLANS]-(pool:Product)
  WHERE pool.filename = row.pool AND r.rank >= row.rank
}
RETURN collect(number) AS same
