// name: write/restore_part_of
// summary: Restore a dump: edges of type PART_OF, with all their properties.
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
