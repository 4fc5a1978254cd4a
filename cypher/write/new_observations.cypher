// name: write/new_observations
// summary: Create Observations that the store does not have; the constraint refuses those that another transaction made.
// mode: write
// param: rows LIST<MAP>  lists: [obs_id, mast_obsid or null, mast_parents or null, other parts of the identifier as a map]; each obs_id once
UNWIND $rows AS row
CREATE (o:Observation {obs_id: row[0], mast_obsid: row[1], mast_parents: row[2]})
SET o += row[3]
