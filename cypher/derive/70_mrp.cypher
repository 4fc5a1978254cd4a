// name: derive/70_mrp
// summary: Set Minimum Recommended Products: own files except previews and guide-star files.
// creates: PART_OF.mrp, PART_OF.mrp_rule
// mode: write
// param: program STRING  program number
// param: first STRING  first obs_id of the part to derive; null from the beginning
// param: end STRING  first obs_id of the next part; null to the end
// index: observation_program
MATCH (o:Observation {program: $program})
WHERE ($first IS NULL OR o.obs_id >= $first) AND ($end IS NULL OR o.obs_id < $end)
CALL (o) {
  MATCH (o)<-[r:PART_OF]-(p:Product)
  // The first case that applies gives the code, one of MrpRule in jwgraph/model/vocabulary.py.
  WITH r, CASE
    WHEN r.withdrawn OR p.withdrawn THEN 'withdrawn'
    WHEN p.expected THEN 'expected'
    WHEN NOT p.present THEN 'not_archived'
    WHEN p.productType = 'PREVIEW' THEN 'preview'
    WHEN p.form = 'guide_star' THEN 'guide_star'
    WHEN NOT o.present THEN 'observation_not_archived'
    ELSE 'own' END AS rule
  WHERE r.mrp_rule IS NULL OR r.mrp_rule <> rule OR coalesce(r.mrp, false) <> (rule = 'own')
  SET r.mrp_rule = rule, r.mrp = CASE rule WHEN 'own' THEN true END
}
