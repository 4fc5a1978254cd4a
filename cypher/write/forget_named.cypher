// name: write/forget_named
// summary: Reduce files to what their names say.
// mode: write
// param: rows LIST<MAP>  {filename, label: Association, Pool or null, properties: {…}}
// index: product_filename
UNWIND $rows AS row
MATCH (p:Product {filename: row.filename})
SET p = row.properties
WITH p, row,
  row.label = 'Association' OR EXISTS { (p)-[:PRODUCES]->() } AS association,
  row.label = 'Pool' OR EXISTS { (p)<-[:FROM_POOL]-() } OR EXISTS { (p)-[:PLANS]->() } AS pool
FOREACH (ignored IN CASE WHEN coalesce(association, false) THEN [] ELSE [1] END | REMOVE p:Association)
FOREACH (ignored IN CASE WHEN coalesce(pool, false) THEN [] ELSE [1] END | REMOVE p:Pool)
