// name: internal/observations_with_lists
// summary: Observations of a program for which MAST gave a complete product list.
// param: program STRING  program number, five digits
// returns: obs_id STRING, obsid INTEGER
// depends: program, names
// index: observation_program
MATCH (o:Observation {program: $program})
WHERE o.mast_list_at IS NOT NULL AND coalesce(o.mast_obsid, 0) > 0
RETURN o.obs_id AS obs_id, o.mast_obsid AS obsid
ORDER BY obs_id
