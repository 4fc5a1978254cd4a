// name: write/observations
// summary: Merge MAST's numbers into Observations that the store has.
// mode: write
// param: rows LIST<MAP>  lists: [obs_id, mast_obsid or null, mast_parents or null]; each obs_id once
// index: observation_obs_id
UNWIND $rows AS row
MATCH (o:Observation {obs_id: row[0]})
FOREACH (ignored IN CASE WHEN row[1] > coalesce(o.mast_obsid, 0) THEN [1] ELSE [] END |
  SET o.mast_obsid = row[1])
FOREACH (parent IN [x IN coalesce(row[2], []) WHERE NOT x IN coalesce(o.mast_parents, [])] |
  SET o.mast_parents = coalesce(o.mast_parents, []) + parent)
