// name: write/searches
// summary: What an observation search of MAST says of Observations: the row of the highest level holds, whole.
// mode: write
// param: rows LIST<MAP>  {obs_id, mast_obsid, rank, properties: {…}}, every property set, null where the row has none
// index: observation_obs_id
UNWIND $rows AS row
MATCH (o:Observation {obs_id: row.obs_id})
FOREACH (ignored IN CASE WHEN row.mast_obsid > coalesce(o.mast_obsid, 0) THEN [1] ELSE [] END |
  SET o.mast_obsid = row.mast_obsid)
FOREACH (ignored IN CASE WHEN row.rank > coalesce(o.mast_rank, '') THEN [1] ELSE [] END |
  SET o += row.properties)
