// name: internal/same_pools
// summary: Numbers of the rows of `write/pools` that would change nothing.
// param: rows LIST<MAP>  {filename, pool, basis}
// returns: same LIST<INTEGER>
// index: product_filename
UNWIND range(0, size($rows) - 1) AS number
WITH number, $rows[number] AS row
MATCH (a:Product {filename: row.filename})
WHERE EXISTS {
  MATCH (a)-[:FROM_POOL {basis: row.basis}]->(p:Product)
  WHERE p.filename = row.pool
}
RETURN collect(number) AS same
