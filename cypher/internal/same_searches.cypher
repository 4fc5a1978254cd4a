// name: internal/same_searches
// summary: Numbers of the rows of `write/searches` that would change nothing.
// param: rows LIST<MAP>  {obs_id, mast_obsid, rank, …}
// returns: same LIST<INTEGER>
// index: observation_obs_id
UNWIND range(0, size($rows) - 1) AS number
WITH number, $rows[number] AS row
MATCH (o:Observation {obs_id: row.obs_id})
WHERE o.mast_rank >= row.rank AND (row.mast_obsid IS NULL OR o.mast_obsid >= row.mast_obsid)
RETURN collect(number) AS same
