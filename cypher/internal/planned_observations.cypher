// name: internal/planned_observations
// summary: Observations planned by MAST (calib_level -1) of whose visit nothing has arrived.
// param: programs LIST<STRING>  program numbers, five digits
// returns: obs_id STRING
// depends: program, names
// index: observation_program
UNWIND $programs AS program
MATCH (o:Observation {program: program})
WHERE o.mast_calib_level = -1
  AND NOT EXISTS { MATCH (e:Observation {program: program}) WHERE e.present AND e.visit_id = left(o.obs_id, 13) }
RETURN o.obs_id AS obs_id
ORDER BY obs_id
