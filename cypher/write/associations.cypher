// name: write/associations
// summary: What an association file says of itself, and the pool it came from.
// mode: write
// param: rows LIST<MAP>  {filename, properties: {…}}
// index: product_filename
UNWIND $rows AS row
MATCH (a:Product {filename: row.filename})
SET a += row.properties
