// name: write/header_references
// summary: Link products to the reference files named in their headers.
// mode: write
// param: rows LIST<MAP>  {filename, keyword, reference, context}, sorted by reference
// index: product_filename, reference_file_name
// allow: CartesianProduct
UNWIND $rows AS row
MATCH (p:Product {filename: row.filename})
MATCH (f:ReferenceFile {name: row.reference})
CREATE (p)-[:CALIBRATED_WITH {keyword: row.keyword, basis: 'header', context: row.context}]->(f)
