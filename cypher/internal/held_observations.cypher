// name: internal/held_observations
// summary: Numbers of the rows whose Observation the store has: those that change nothing, and those that `write/observations` merges.
// param: rows LIST<MAP>  lists: [obs_id, mast_obsid or null, mast_parents or null]
// returns: same LIST<INTEGER>, other LIST<INTEGER>
// index: observation_obs_id
UNWIND range(0, size($rows) - 1) AS number
WITH number, $rows[number] AS row
MATCH (o:Observation {obs_id: row[0]})
WITH number, coalesce(row[1] > coalesce(o.mast_obsid, 0), false)
  OR any(parent IN coalesce(row[2], []) WHERE NOT parent IN coalesce(o.mast_parents, [])) AS changed
RETURN collect(CASE WHEN changed THEN null ELSE number END) AS same, collect(CASE WHEN changed THEN number END) AS other
