// name: write/header_clear
// summary: Remove the edges from headers of these files; newer headers are about to replace them.
// mode: write
// param: rows LIST<STRING>  file names
// index: product_filename
UNWIND $rows AS filename
MATCH (p:Product {filename: filename})-[r:CALIBRATED_WITH|PRODUCES|LINKED_TO {basis: 'header'}]-(other)
WHERE other:ReferenceFile OR startNode(r) = other
DELETE r
