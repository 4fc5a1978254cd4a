// name: write/searches
// summary: Write the properties of Observations from MAST searches; the row of the highest level wins.
// mode: write
// param: rows LIST<MAP>  {obs_id, mast_obsid, rank, properties: {…}}, with every property, null if the row has no value
// index: observation_obs_id
UNWIND $rows AS row
MATCH (o:Observation {obs_id: row.obs_id})
// The lock comes first: another session may be changing the same values.
SET o.obs_id = row.obs_id
WITH o, row
FOREACH (ignored IN CASE WHEN row.mast_obsid > coalesce(o.mast_obsid, 0) THEN [1] ELSE [] END |
  SET o.mast_obsid = row.mast_obsid)
FOREACH (ignored IN CASE WHEN row.rank > coalesce(o.mast_rank, '') THEN [1] ELSE [] END |
  SET o += row.properties)
