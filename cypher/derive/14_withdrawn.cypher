// name: derive/14_withdrawn
// summary: Mark ownership withdrawn if every complete product list that had the file has a later one without it.
// creates: PART_OF.withdrawn
// mode: write
// param: program STRING  program number
// param: first STRING  first obs_id of the part to derive; null from the beginning
// param: end STRING  first obs_id of the next part; null to the end
// index: observation_program, observation_obs_id
MATCH (o:Observation {program: $program})
WHERE ($first IS NULL OR o.obs_id >= $first) AND ($end IS NULL OR o.obs_id < $end)
CALL (o) {
  MATCH (o)<-[r:PART_OF]-(:Product)
  WHERE r.mast_lists IS NOT NULL OR r.withdrawn
  UNWIND coalesce(r.mast_lists, ['']) AS entry
  // The rows of one list are many: its Observation is looked up once.
  WITH substring(entry, 14) AS asked, collect({edge: r, at: toInteger(left(entry, 13))}) AS rows
  OPTIONAL MATCH (q:Observation {obs_id: asked})
  WITH asked, rows, q
  WHERE q IS NOT NULL OR asked = ''
  UNWIND rows AS row
  WITH row.edge AS r, min(CASE WHEN q.mast_list_at > row.at THEN 1 ELSE 0 END) = 1 AS withdrawn
  WHERE withdrawn <> coalesce(r.withdrawn, false)
  SET r.withdrawn = CASE WHEN withdrawn THEN true END
}
