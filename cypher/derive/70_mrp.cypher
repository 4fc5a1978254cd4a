// name: derive/70_mrp
// summary: Minimum Recommended Products: at Level 3 all own files of that level but previews; below, own science files of the highest stage.
// creates: PART_OF.mrp
// mode: write
// param: program STRING  program number
// index: observation_program
MATCH (o:Observation {program: $program})
WHERE o.archived
CALL (o) {
  MATCH (o)<-[r:PART_OF]-(p:Product)
  WHERE p.archived AND coalesce(p.productType, '') <> 'PREVIEW'
    AND CASE WHEN o.level3
      THEN p.productType = 'INFO' OR coalesce(r.calib_level, p.calib_level, 3) = 3
      ELSE p.productType = 'SCIENCE' AND p.stage = o.stage END
  SET r.mrp = true
} IN TRANSACTIONS OF 1000 ROWS
