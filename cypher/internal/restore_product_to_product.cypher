// name: internal/restore_product_to_product
// summary: Restore edges between Products from a dump.
// mode: write
// param: rows LIST<MAP>  {type, start, end, properties}
// returns: number INTEGER
// index: product_filename
// allow: CartesianProduct
UNWIND $rows AS row
MATCH (a:Product {filename: row.start})
MATCH (b:Product {filename: row.end})
FOREACH (ignored IN CASE row.type WHEN 'HAS_MEMBER' THEN [1] ELSE [] END | CREATE (a)-[r:HAS_MEMBER]->(b) SET r = row.properties)
FOREACH (ignored IN CASE row.type WHEN 'PRODUCES' THEN [1] ELSE [] END | CREATE (a)-[r:PRODUCES]->(b) SET r = row.properties)
FOREACH (ignored IN CASE row.type WHEN 'FROM_POOL' THEN [1] ELSE [] END | CREATE (a)-[r:FROM_POOL]->(b) SET r = row.properties)
FOREACH (ignored IN CASE row.type WHEN 'PLANS' THEN [1] ELSE [] END | CREATE (a)-[r:PLANS]->(b) SET r = row.properties)
FOREACH (ignored IN CASE row.type WHEN 'COMPOSED_OF' THEN [1] ELSE [] END | CREATE (a)-[r:COMPOSED_OF]->(b) SET r = row.properties)
FOREACH (ignored IN CASE row.type WHEN 'LINKED_TO' THEN [1] ELSE [] END | CREATE (a)-[r:LINKED_TO]->(b) SET r = row.properties)
RETURN count(*) AS number
