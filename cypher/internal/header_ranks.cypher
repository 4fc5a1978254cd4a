// name: internal/header_ranks
// summary: The header that holds for each file, so that the writer can tell which one wins.
// param: filenames LIST<STRING>  file names
// returns: filename STRING, header_rank STRING
// index: product_filename
UNWIND $filenames AS filename
MATCH (p:Product {filename: filename})
WHERE p.header_rank IS NOT NULL
RETURN filename, p.header_rank AS header_rank
