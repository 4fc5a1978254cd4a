// name: write/header_links
// summary: The MSA metadata file that the header of a product names (MSAMETFL) is linked to it.
// mode: write
// param: rows LIST<MAP>  {filename, linked}
// index: product_filename
// allow: CartesianProduct
UNWIND $rows AS row
MATCH (p:Product {filename: row.filename})
MATCH (m:Product {filename: row.linked})
CREATE (m)-[:LINKED_TO {relation: 'msa', basis: 'header'}]->(p)
