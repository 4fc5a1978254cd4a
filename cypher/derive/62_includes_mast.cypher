// name: derive/62_includes_mast
// summary: Include the Observations that MAST lists under a parent (parent_obsid), unless a later list lacks them.
// creates: INCLUDES
// mode: write
// param: program STRING  program number
// param: first STRING  first obs_id of the part to derive; null from the beginning
// param: end STRING  first obs_id of the next part; null to the end
// index: observation_program, observation_mast_obsid
MATCH (e:Observation {program: $program})
WHERE ($first IS NULL OR e.obs_id >= $first) AND ($end IS NULL OR e.obs_id < $end)
CALL (e) {
  CALL (e) {
    WITH e WHERE e.mast_parents IS NOT NULL
    WITH e, COLLECT {
      MATCH (e)<-[r:PART_OF]-()
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
    RETURN DISTINCT o, true AS listed
    UNION ALL
    MATCH (o:Observation)-[i:INCLUDES]->(e)
    WHERE 'mast' IN i.basis
    RETURN o, false AS listed
  }
  WITH e, o, max(CASE WHEN listed THEN 1 ELSE 0 END) = 1 AS listed
  OPTIONAL MATCH (o)-[i:INCLUDES]->(e)
  // Other bases (60_includes) stay; they are read before anything is deleted.
  WITH e, o, i, coalesce([each IN i.basis WHERE each <> 'mast'], []) + CASE WHEN listed THEN ['mast'] ELSE [] END AS basis
  WHERE i IS NULL OR i.basis <> basis
  FOREACH (ignored IN CASE WHEN i IS NULL THEN [1] ELSE [] END | CREATE (o)-[:INCLUDES {basis: basis, roles: []}]->(e))
  FOREACH (each IN CASE WHEN basis = [] THEN [i] ELSE [] END | DELETE each)
  FOREACH (each IN CASE WHEN basis = [] THEN [] ELSE [i] END | SET each.basis = basis)
}
