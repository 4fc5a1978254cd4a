// name: internal/observation_facts
// summary: What searches, headers, product lists and pools say of Observations, and of those that each includes, to select them.
// param: all BOOLEAN = false  include datasets that are not listed
// param: program STRING = *  program number, five digits; * for all programs
// returns: obs_id STRING, listed BOOLEAN, level3 BOOLEAN, said LIST<MAP>
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
WITH o
WHERE $all OR o.listed
CALL (o) {
  CALL (o) {
    RETURN [o] AS these
    UNION ALL
    MATCH (o)-[:INCLUDES]->(e:Observation)
    WHERE $program = '*' OR e.program = $program
    WITH collect(e) AS these
    WHERE size(these) > 0
    RETURN these
  }
  CALL (these) {
    UNWIND these AS e
    MATCH (e)<-[r:PART_OF]-(p:Product)
    // Most files say nothing: they are left out before anything is collected.
    WHERE r.withdrawn IS NULL
      AND (p.header_rank IS NOT NULL OR p.filters IS NOT NULL OR p.t_min IS NOT NULL OR p.t_max IS NOT NULL OR EXISTS { (p)<-[:PLANS]-() })
    OPTIONAL MATCH (p)<-[plan:PLANS]-(:Pool)
    RETURN collect(DISTINCT CASE WHEN p.header_rank IS NOT NULL
        THEN p {.instrume, .filter, .pupil, .grating, .exp_type, .targname, .targprop} END) AS headers,
      collect(DISTINCT CASE WHEN p.productType = 'SCIENCE' THEN p.filters END) AS lists,
      collect(DISTINCT plan {.instrume, .filter, .pupil, .grating, .exp_type, .targname}) AS plans,
      min(CASE WHEN e.t_min IS NULL THEN p.t_min END) AS t_min, max(CASE WHEN e.t_max IS NULL THEN p.t_max END) AS t_max
  }
  CALL (these) {
    UNWIND these AS e
    RETURN collect(e.obs_id) AS names, min(e.t_min) AS search_min, max(e.t_max) AS search_max,
      collect(CASE WHEN coalesce(e.instrument_name, e.filters, e.target_name) IS NOT NULL
        THEN e {.instrument_name, .filters, .target_name} END) AS searches
  }
  // First of the Observation itself.
  RETURN collect({names: names, searches: searches, headers: headers, lists: lists, plans: plans,
    begins: [search_min, t_min], ends: [search_max, t_max]}) AS said
}
RETURN o.obs_id AS obs_id, coalesce(o.listed, false) AS listed,
  // Level 3 of it is there: Stage 3 made it, or what Stage 3 made includes it.
  EXISTS { (o)<-[:INCLUDES*0..1]-(q:Observation) WHERE q.level3 AND q.present } AS level3, said
ORDER BY obs_id
