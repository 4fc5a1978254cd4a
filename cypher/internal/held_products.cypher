// name: internal/held_products
// summary: Numbers of the rows whose product the store has: those that change nothing, and those that `write/products` merges.
// param: rows LIST<MAP>  lists: [filename, archived, seen, mast_rank or null, list of Association and Pool or null]
// returns: same LIST<INTEGER>, other LIST<INTEGER>
// index: product_filename
UNWIND range(0, size($rows) - 1) AS number
WITH number, $rows[number] AS row
MATCH (p:Product {filename: row[0]})
WITH number, row[1] AND NOT p.archived OR row[2] AND p.seen IS NULL OR coalesce(row[3] > coalesce(p.mast_rank, ''), false)
  OR any(label IN row[4] WHERE NOT label IN labels(p)) AS changed
RETURN collect(CASE WHEN coalesce(changed, false) THEN null ELSE number END) AS same,
  collect(CASE WHEN changed THEN number END) AS other
