// name: internal/listed_observations
// summary: The Observations of a program or of all that the Portal lists, and how many there are with those that it does not.
// param: program STRING = *  program number, five digits; * for all programs
// returns: number INTEGER, obs_ids LIST<STRING>
// depends: program, names
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
WITH o.obs_id AS obs_id, coalesce(o.listed, false) AS listed
ORDER BY obs_id
RETURN count(obs_id) AS number, collect(CASE WHEN listed THEN obs_id END) AS obs_ids
