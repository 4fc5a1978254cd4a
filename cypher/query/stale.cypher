// name: query/stale
// summary: Files that an association made which another has superseded since, as their headers say (ASNTABLE).
// param: program STRING = *  only this program, five digits; * for every program
// returns: productFilename STRING, obs_id STRING, association STRING, superseded_by STRING, cal_ver STRING
// allow: NodeByLabelScan
CALL () {
  UNWIND CASE WHEN $program = '*' THEN [1] ELSE [] END AS every
  MATCH (a:Association)
  RETURN a
  UNION ALL
  MATCH (a:Association {program: $program})
  RETURN a
}
WITH a
WHERE a.superseded_by IS NOT NULL
MATCH (a)-[:PRODUCES {basis: 'header'}]->(p:Product)
RETURN p.filename AS productFilename,
  head(COLLECT { MATCH (p)-[:PART_OF]->(o:Observation) RETURN o.obs_id ORDER BY o.obs_id }) AS obs_id,
  a.filename AS association, a.superseded_by AS superseded_by, p.cal_ver AS cal_ver
ORDER BY productFilename
