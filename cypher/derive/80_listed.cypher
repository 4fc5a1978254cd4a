// name: derive/80_listed
// summary: Mark the Observations that are rows of the Portal: those that no present Observation includes.
// creates: Observation.listed
// mode: write
// param: program STRING  program number
// param: first STRING  first obs_id of the part to derive; null from the beginning
// param: end STRING  first obs_id of the next part; null to the end
// index: observation_program
MATCH (any:Observation {program: $program})
WITH max(CASE WHEN any.present THEN 1 ELSE 0 END) = 1 AS program_present
MATCH (o:Observation {program: $program})
WHERE ($first IS NULL OR o.obs_id >= $first) AND ($end IS NULL OR o.obs_id < $end)
CALL (o, program_present) {
  // If nothing of the program is present, list its expected and planned Observations that include no present one.
  WITH o, CASE
    WHEN program_present THEN o.present AND NOT EXISTS { (p:Observation)-[:INCLUDES]->(o) WHERE p.present }
    ELSE (o.expected OR coalesce(o.planned, false)) AND NOT EXISTS { (:Observation)-[:INCLUDES]->(o) }
      AND NOT EXISTS { (o)-[:INCLUDES]->(e:Observation) WHERE e.present } END AS listed
  WHERE o.listed IS NULL OR o.listed <> listed
  SET o.listed = listed
}
