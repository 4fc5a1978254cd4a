// name: write/pools_loaded
// summary: Mark pools whose content is loaded.
// mode: write
// param: rows LIST<STRING>  file names of pools, sorted
// index: product_filename
UNWIND $rows AS filename
MATCH (p:Product {filename: filename})
WHERE p.loaded IS NULL
SET p.loaded = true
