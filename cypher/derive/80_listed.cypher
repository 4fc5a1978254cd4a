// name: derive/80_listed
// summary: An Observation is a row of the Portal when no Observation with an archived product includes it; where nothing of the program, nor of what it includes, is archived, the expected and planned ones are.
// creates: Observation.listed
// mode: write
// param: program STRING  program number
// index: observation_program
MATCH (any:Observation {program: $program})
WITH max(CASE WHEN any.archived THEN 1 ELSE 0 END) = 1 AS program_archived
MATCH (o:Observation {program: $program})
CALL (o, program_archived) {
  SET o.listed = CASE
    WHEN program_archived THEN o.archived AND NOT EXISTS { (p:Observation)-[:INCLUDES]->(o) WHERE p.archived }
    ELSE (o.expected OR coalesce(o.planned, false)) AND NOT EXISTS { (:Observation)-[:INCLUDES]->(o) }
      AND NOT EXISTS { (o)-[:INCLUDES]->(e:Observation) WHERE e.archived } END
} IN TRANSACTIONS OF 1000 ROWS
