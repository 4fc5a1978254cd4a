// name: derive/38_levels
// summary: Set the state, highest stage and calibration level of each Observation.
// creates: Observation.archived, Observation.planned, Observation.expected, Observation.level3, Observation.productLevel, Observation.calib_level, Observation.state
// mode: write
// param: program STRING  program number
// index: observation_program
MATCH (o:Observation {program: $program})
CALL (o) {
  OPTIONAL MATCH (o)<-[r:PART_OF]-(p:Product)
  WITH o, r, p,
    p.archived AND (coalesce(p.productType, '') <> 'INFO' OR r.basis = 'mast') AS archived,
    coalesce(p.expected, false) AS expected
  WITH o,
    coalesce(max(CASE WHEN archived THEN 1 ELSE 0 END), 0) = 1 OR coalesce(o.mast_calib_level, 0) > 0 AS archived,
    coalesce(max(CASE WHEN expected THEN 1 ELSE 0 END), 0) = 1 AS expected,
    max(CASE WHEN archived AND p.productType = 'SCIENCE' THEN p.productLevel END) AS productLevel,
    max(CASE WHEN archived OR expected THEN coalesce(r.calib_level, p.calib_level) END) AS file_level
  WITH o, archived, expected, productLevel,
    CASE WHEN o.mast_calib_level > coalesce(file_level, -1) THEN o.mast_calib_level ELSE file_level END AS calib_level
  WITH o, archived, expected, productLevel, calib_level,
    coalesce(o.form, '') = 'stage3' OR EXISTS {
      (o)<-[:PART_OF]-(:Product)<-[made:PRODUCES {productLevel: '3'}]-(:Association) WHERE made.obs_id = o.obs_id
    } AS level3,
    o.mast_calib_level = -1 OR EXISTS { (o)<-[:PART_OF]-(:Product)<-[:PLANS]-(:Pool) } AS planned
  SET o.archived = archived, o.planned = CASE WHEN planned AND NOT archived THEN true END, o.expected = expected, o.level3 = level3,
    o.state = CASE WHEN archived THEN 'archived' WHEN expected THEN 'expected' WHEN planned THEN 'planned' ELSE 'named' END,
    o.productLevel = CASE WHEN level3 AND archived THEN '3' ELSE productLevel END,
    o.calib_level = CASE WHEN level3 THEN 3 ELSE calib_level END
} IN TRANSACTIONS OF 1000 ROWS
