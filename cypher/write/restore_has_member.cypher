// name: write/restore_has_member
// summary: Restore a dump: edges of type HAS_MEMBER, with all their properties.
// mode: write
// param: rows LIST<MAP>  {start, end, properties}
// returns: number INTEGER
// index: product_filename
// allow: CartesianProduct
UNWIND $rows AS row
MATCH (a:Product {filename: row.start})
MATCH (b:Product {filename: row.end})
CREATE (a)-[r:HAS_MEMBER]->(b)
SET r = row.properties
RETURN count(*) AS number
