// name: internal/observation_facts
// summary: What searches, headers, product lists and pools say of Observations, to select them.
// param: program STRING = *  program number, five digits; * for all programs
// returns: obs_id STRING, listed BOOLEAN, level3 BOOLEAN, search MAP, headers LIST<MAP>, lists LIST<STRING>, plans LIST<MAP>
// returns: t_min FLOAT, t_max FLOAT, includes LIST<STRING>
// depends: program, names
// index: observation_program
// allow: NodeByLabelScan
CALL () {
  UNWIND CASE WHEN $program = '*' THEN [1] ELSE [] END AS every
  MATCH (o:Observation)
  RETURN o
  UNION ALL
  MATCH (o:Observation {program: $program})
  RETURN o
}
CALL (o) {
  OPTIONAL MATCH (o)<-[r:PART_OF]-(p:Product)
  WHERE r.withdrawn IS NULL
  OPTIONAL MATCH (p)<-[plan:PLANS]-(:Pool)
  RETURN collect(DISTINCT CASE WHEN p.header_rank IS NOT NULL
      THEN p {.instrume, .filter, .pupil, .grating, .exp_type, .targname, .targprop} END) AS headers,
    collect(DISTINCT CASE WHEN p.productType = 'SCIENCE' THEN p.filters END) AS lists,
    collect(DISTINCT plan {.instrume, .filter, .pupil, .grating, .exp_type, .targname}) AS plans,
    min(p.t_min) AS t_min, max(p.t_max) AS t_max
}
RETURN o.obs_id AS obs_id, coalesce(o.listed, false) AS listed,
  // Level 3 of it is there: Stage 3 made it, or what Stage 3 made includes it.
  EXISTS { (o)<-[:INCLUDES*0..1]-(q:Observation) WHERE q.level3 AND q.present } AS level3,
  o {.instrument_name, .filters, .target_name} AS search, headers, lists, plans,
  coalesce(o.t_min, t_min) AS t_min, coalesce(o.t_max, t_max) AS t_max,
  COLLECT { MATCH (o)-[:INCLUDES]->(e:Observation) RETURN e.obs_id ORDER BY e.obs_id } AS includes
ORDER BY obs_id
