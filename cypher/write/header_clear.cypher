// name: write/header_clear
// summary: Remove the edges from headers of these files; newer headers are about to replace them.
// mode: write
// param: filenames LIST<STRING>  file names
// index: product_filename
UNWIND $filenames AS filename
MATCH (p:Product {filename: filename})-[r:CALIBRATED_WITH|PRODUCES|LINKED_TO {basis: 'header'}]-(other)
WHERE other:ReferenceFile OR startNode(r) = other
DELETE r
