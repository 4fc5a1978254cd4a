// name: internal/restore_edges_part_of_to_observation
// summary: Restore PART_OF edges from Products to Observations from a dump.
// mode: write
// param: rows LIST<MAP>  {start, end, properties}
// returns: number INTEGER
// index: product_filename, observation_obs_id
// allow: CartesianProduct
UNWIND $rows AS row
MATCH (a:Product {filename: row.start})
MATCH (b:Observation {obs_id: row.end})
CREATE (a)-[r:PART_OF]->(b)
SET r = row.properties
RETURN count(*) AS number
