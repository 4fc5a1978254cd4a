// name: query/planned
// summary: Observations that MAST lists as planned and not executed (calib_level -1).
// param: program STRING = *  only this program, five digits; * for every program
// returns: obs_id STRING, program STRING
// index: observation_program
// allow: NodeByLabelScan
CALL () {
  UNWIND CASE WHEN $program = '*' THEN [1] ELSE [] END AS every
  MATCH (o:Observation)
  RETURN o
  UNION ALL
  MATCH (o:Observation {program: $program})
  RETURN o
}
WITH o
WHERE o.mast_calib_level = -1
RETURN o.obs_id AS obs_id, o.program AS program
ORDER BY obs_id
