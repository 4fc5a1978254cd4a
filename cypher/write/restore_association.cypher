// name: write/restore_association
// summary: Restore a dump: these files are association files too.
// mode: write
// param: rows LIST<MAP>  {key}
// returns: number INTEGER
// index: product_filename
UNWIND $rows AS row
MATCH (n:Product {filename: row.key})
SET n:Association
RETURN count(*) AS number
