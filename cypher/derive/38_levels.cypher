// name: derive/38_levels
// summary: Set the state, highest stage and calibration level of each Observation.
// creates: Observation.archived, Observation.present, Observation.planned, Observation.expected, Observation.level3, Observation.productLevel, Observation.calib_level, Observation.state
// mode: write
// param: program STRING  program number
// param: first STRING  first obs_id of the part to derive; null from the beginning
// param: end STRING  first obs_id of the next part; null to the end
// index: observation_program
MATCH (o:Observation {program: $program})
WHERE ($first IS NULL OR o.obs_id >= $first) AND ($end IS NULL OR o.obs_id < $end)
CALL (o) {
  OPTIONAL MATCH (o)<-[r:PART_OF]-(p:Product)
  WITH o, r, p,
    p.present AND r.withdrawn IS NULL AND (coalesce(p.productType, '') <> 'INFO' OR r.basis = 'mast') AS present,
    coalesce(p.expected, false) AS expected
  WITH o, coalesce(o.mast_calib_level, 0) > 0 AS searched,
    coalesce(max(CASE WHEN present AND p.archived THEN 1 ELSE 0 END), 0) = 1 AS archived,
    coalesce(max(CASE WHEN present THEN 1 ELSE 0 END), 0) = 1 AS present,
    coalesce(max(CASE WHEN expected THEN 1 ELSE 0 END), 0) = 1 AS expected,
    coalesce(o.form, '') = 'stage3' OR max(CASE WHEN EXISTS {
      (p)<-[made:PRODUCES {productLevel: '3'}]-(:Association) WHERE made.obs_id = o.obs_id
    } THEN 1 ELSE 0 END) = 1 AS level3,
    max(CASE WHEN present AND p.productType = 'SCIENCE' THEN p.productLevel END) AS productLevel,
    max(CASE WHEN present OR expected THEN coalesce(r.calib_level, p.calib_level) END) AS file_level
  WITH o, archived OR searched AS archived, present OR searched AS present, expected, level3, productLevel,
    CASE WHEN o.mast_calib_level > coalesce(file_level, -1) THEN o.mast_calib_level ELSE file_level END AS calib_level
  WITH o, archived, present, expected, level3, productLevel, calib_level,
    CASE WHEN present THEN false ELSE o.mast_calib_level = -1 OR EXISTS { (o)<-[:PART_OF]-(:Product)<-[:PLANS]-(:Pool) } END AS planned
  WITH o, archived, present, expected, level3, planned,
    CASE WHEN archived THEN 'archived' WHEN present THEN 'seen' WHEN expected THEN 'expected' WHEN planned THEN 'planned' ELSE 'named' END AS state,
    CASE WHEN level3 AND present THEN '3' ELSE productLevel END AS productLevel,
    CASE WHEN level3 THEN 3 ELSE calib_level END AS calib_level
  WHERE o.state IS NULL OR [o.state, coalesce(o.archived, ''), coalesce(o.present, ''), coalesce(o.expected, ''), coalesce(o.level3, ''), coalesce(o.planned, false), coalesce(o.productLevel, ''), coalesce(o.calib_level, -9)]
    <> [state, archived, present, expected, level3, coalesce(planned, false), coalesce(productLevel, ''), coalesce(calib_level, -9)]
  SET o.archived = archived, o.present = present, o.planned = CASE WHEN planned THEN true END, o.expected = expected, o.level3 = level3,
    o.state = state, o.productLevel = productLevel, o.calib_level = calib_level
}
