// name: internal/header_ranks
// summary: Rank of the current header of each file, for the writer to compare.
// param: filenames LIST<STRING>  file names
// returns: filename STRING, header_rank STRING
// index: product_filename
UNWIND $filenames AS filename
MATCH (p:Product {filename: filename})
WHERE p.header_rank IS NOT NULL
RETURN filename, p.header_rank AS header_rank
