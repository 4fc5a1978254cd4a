// name: derive/62_includes_mast
// summary: Include the Observations that MAST lists under a parent Observation (parent_obsid).
// creates: INCLUDES
// mode: write
// param: program STRING  program number
// index: observation_program, observation_mast_obsid
MATCH (e:Observation {program: $program})
WHERE e.mast_parents IS NOT NULL
CALL (e) {
  UNWIND e.mast_parents AS number
  MATCH (o:Observation {mast_obsid: number})
  WHERE o <> e
  MERGE (o)-[i:INCLUDES]->(e)
  ON CREATE SET i.basis = ['mast'], i.roles = []
  ON MATCH SET i.basis = CASE WHEN 'mast' IN i.basis THEN i.basis ELSE i.basis + 'mast' END
} IN TRANSACTIONS OF 500 ROWS
