// name: internal/restore_product_to_observation
// summary: Restore edges from Products to Observations from a dump.
// mode: write
// param: rows LIST<MAP>  {type, start, end, properties}
// returns: number INTEGER
// index: product_filename, observation_obs_id
// allow: CartesianProduct
UNWIND $rows AS row
MATCH (a:Product {filename: row.start})
MATCH (b:Observation {obs_id: row.end})
FOREACH (ignored IN CASE row.type WHEN 'PART_OF' THEN [1] ELSE [] END | CREATE (a)-[r:PART_OF]->(b) SET r = row.properties)
FOREACH (ignored IN CASE row.type WHEN 'LINKED_TO' THEN [1] ELSE [] END | CREATE (a)-[r:LINKED_TO]->(b) SET r = row.properties)
RETURN count(*) AS number
