// name: write/new_owners
// summary: Create that an Observation owns a file, where the same transaction created one of the two.
// mode: write
// param: rows LIST<MAP>  lists: [obs_id, [[filename, basis, calib_level, mast_mrp, mast_lists], …]], each pair once
// index: observation_obs_id, product_filename
UNWIND $rows AS row
MATCH (o:Observation {obs_id: row[0]})
UNWIND row[1] AS file
WITH o, file
MATCH (p:Product {filename: file[0]})
CREATE (p)-[:PART_OF {basis: file[1], calib_level: file[2], mast_mrp: file[3], mast_lists: file[4]}]->(o)
