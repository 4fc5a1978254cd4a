// name: write/restore_pool
// summary: Restore a dump: these files are association pools too.
// mode: write
// param: rows LIST<MAP>  {key}
// returns: number INTEGER
// index: product_filename
UNWIND $rows AS row
MATCH (n:Product {filename: row.key})
SET n:Pool
RETURN count(*) AS number
