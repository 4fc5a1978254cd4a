// name: internal/association_ranks
// summary: Rank and digest of the current content of each association file, for the writer to compare.
// param: filenames LIST<STRING>  names of association files
// returns: filename STRING, asn_rank STRING, sha256 STRING
// index: product_filename
UNWIND $filenames AS filename
MATCH (a:Product {filename: filename})
WHERE a.asn_rank IS NOT NULL
RETURN filename, a.asn_rank AS asn_rank, a.sha256 AS sha256
