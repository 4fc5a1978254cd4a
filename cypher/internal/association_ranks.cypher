// name: internal/association_ranks
// summary: The content that holds for each association file name, so that the writer can tell which one wins.
// param: filenames LIST<STRING>  names of association files
// returns: filename STRING, asn_rank STRING, sha256 STRING
// index: product_filename
UNWIND $filenames AS filename
MATCH (a:Product {filename: filename})
WHERE a.asn_rank IS NOT NULL
RETURN filename, a.asn_rank AS asn_rank, a.sha256 AS sha256
