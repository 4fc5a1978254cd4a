// name: derive/80_listed
// summary: Mark the Observations that are rows of the Portal: those that no archived Observation includes.
// creates: Observation.listed
// mode: write
// param: program STRING  program number
// index: observation_program
MATCH (any:Observation {program: $program})
WITH max(CASE WHEN any.archived THEN 1 ELSE 0 END) = 1 AS program_archived
MATCH (o:Observation {program: $program})
CALL (o, program_archived) {
  // If nothing of the program is archived, list its expected and planned Observations that include no archived one.
  SET o.listed = CASE
    WHEN program_archived THEN o.archived AND NOT EXISTS { (p:Observation)-[:INCLUDES]->(o) WHERE p.archived }
    ELSE (o.expected OR coalesce(o.planned, false)) AND NOT EXISTS { (:Observation)-[:INCLUDES]->(o) }
      AND NOT EXISTS { (o)-[:INCLUDES]->(e:Observation) WHERE e.archived } END
} IN TRANSACTIONS OF 1000 ROWS
