// name: write/forget_observations
// summary: Remove the Observations of a program that no source of another program names.
// mode: write
// param: program STRING  program number, five digits
// param: kept LIST<STRING>  obs_ids of the others
// index: observation_program
MATCH (o:Observation {program: $program})
WHERE NOT o.obs_id IN $kept
CALL (o) { DETACH DELETE o } IN TRANSACTIONS OF 1000 ROWS
