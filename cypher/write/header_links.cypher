// name: write/header_links
// summary: Link the MSA metadata file named in the header of a product (MSAMETFL).
// mode: write
// param: rows LIST<MAP>  {filename, linked}
// index: product_filename
// allow: CartesianProduct
UNWIND $rows AS row
MATCH (p:Product {filename: row.filename})
MATCH (m:Product {filename: row.linked})
CREATE (m)-[:LINKED_TO {relation: 'msa', basis: 'header'}]->(p)
