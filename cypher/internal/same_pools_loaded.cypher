// name: internal/same_pools_loaded
// summary: Numbers of the rows of `write/pools_loaded` that would change nothing.
// param: rows LIST<STRING>  file names of pools
// returns: same LIST<INTEGER>
// index: product_filename
UNWIND range(0, size($rows) - 1) AS number
WITH number, $rows[number] AS filename
MATCH (p:Product {filename: filename})
WHERE p.loaded IS NOT NULL
RETURN collect(number) AS same
