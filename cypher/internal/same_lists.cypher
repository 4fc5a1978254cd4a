// name: internal/same_lists
// summary: Numbers of the rows of `write/lists` that would change nothing.
// param: rows LIST<MAP>  {obs_id, at: milliseconds since 1970}
// returns: same LIST<INTEGER>
// index: observation_obs_id
UNWIND range(0, size($rows) - 1) AS number
WITH number, $rows[number] AS row
MATCH (o:Observation {obs_id: row.obs_id})
WHERE o.mast_list_at >= row.at
RETURN collect(number) AS same
