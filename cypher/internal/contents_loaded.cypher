// name: internal/contents_loaded
// summary: Those of some associations and pools whose content is loaded.
// param: filenames LIST<STRING>  file names
// returns: filename STRING
// depends: names
// index: product_filename
UNWIND $filenames AS filename
MATCH (p:Product {filename: filename})
WHERE p.sha256 IS NOT NULL OR p.loaded
RETURN filename
