// name: write/members
// summary: Write the members of an association, one edge per entry of the file.
// mode: write
// param: rows LIST<MAP>  {filename, member, edge: {product, seq, expname, exptype, exposerr, asn_candidate}}
// index: product_filename
// allow: CartesianProduct
UNWIND $rows AS row
MATCH (a:Product {filename: row.filename})
MATCH (p:Product {filename: row.member})
CREATE (a)-[m:HAS_MEMBER]->(p)
SET m += row.edge
