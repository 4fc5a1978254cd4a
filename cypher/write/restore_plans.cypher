// name: write/restore_plans
// summary: Restore a dump: edges of type PLANS, with all their properties.
// mode: write
// param: rows LIST<MAP>  {start, end, properties}
// returns: number INTEGER
// index: product_filename
// allow: CartesianProduct
UNWIND $rows AS row
MATCH (a:Product {filename: row.start})
MATCH (b:Product {filename: row.end})
CREATE (a)-[r:PLANS]->(b)
SET r = row.properties
RETURN count(*) AS number
