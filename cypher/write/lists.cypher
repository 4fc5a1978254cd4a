// name: write/lists
// summary: Write the time of the newest complete product list that MAST gave for each Observation.
// mode: write
// param: rows LIST<MAP>  {obs_id, at: milliseconds since 1970}
// index: observation_obs_id
UNWIND $rows AS row
MATCH (o:Observation {obs_id: row.obs_id})
// The lock comes first: another session may be changing the same values.
SET o.obs_id = row.obs_id
WITH o, row
FOREACH (ignored IN CASE WHEN row.at > coalesce(o.mast_list_at, 0) THEN [1] ELSE [] END |
  SET o.mast_list_at = row.at)
