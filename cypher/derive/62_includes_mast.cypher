// name: derive/62_includes_mast
// summary: Include the Observations that MAST lists under a parent (parent_obsid), unless a later list lacks them.
// creates: INCLUDES
// mode: write
// param: program STRING  program number
// index: observation_program, observation_mast_obsid
MATCH (e:Observation {program: $program})
WHERE e.mast_parents IS NOT NULL
CALL (e) {
  WITH e, COLLECT {
    MATCH (e)<-[r:PART_OF]-(:Product)
    WHERE r.mast_lists IS NOT NULL
    UNWIND r.mast_lists AS entry
    RETURN DISTINCT entry
  } AS entries
  UNWIND e.mast_parents AS number
  MATCH (o:Observation {mast_obsid: number})
  WHERE o <> e
  // What is under the parent in lists on disk alone stays: such lists may be parts.
  WITH e, o, [entry IN entries WHERE substring(entry, 14) = o.obs_id | toInteger(left(entry, 13))] AS times
  WHERE times = [] OR o.mast_list_at IS NULL OR any(at IN times WHERE at >= o.mast_list_at)
  MERGE (o)-[i:INCLUDES]->(e)
  ON CREATE SET i.basis = ['mast'], i.roles = []
  ON MATCH SET i.basis = CASE WHEN 'mast' IN i.basis THEN i.basis ELSE i.basis + 'mast' END
} IN TRANSACTIONS OF 500 ROWS
