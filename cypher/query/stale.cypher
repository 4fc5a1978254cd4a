// name: query/stale
// summary: Files made by an association (header card ASNTABLE) that a later version has superseded.
// param: program STRING = *  program number, five digits; * for all programs
// returns: productFilename STRING, obs_id STRING, association STRING, superseded_by STRING, cal_ver STRING
// returns: known LIST<MAP>
// needs: derivation
// allow: NodeByLabelScan
CALL () {
  UNWIND CASE WHEN $program = '*' THEN [1] ELSE [] END AS every
  MATCH (a:Association)
  RETURN a
  UNION ALL
  MATCH (a:Association {program: $program})
  RETURN a
}
MATCH (a)-[:PRODUCES {basis: 'header'}]->(p:Product)
OPTIONAL MATCH (p)-[:PART_OF]->(:Observation)<-[:PART_OF]-(:Product)<-[:PRODUCES]-(b:Association)
WHERE b.sha256 IS NOT NULL AND b.superseded_by IS NULL AND b.asn_id = a.asn_id AND b.asn_type = a.asn_type
  AND toLower(b.version_id) > toLower(a.version_id)
WITH a, p, coalesce(a.superseded_by, max(b.filename)) AS superseded_by
WHERE superseded_by IS NOT NULL
RETURN p.filename AS productFilename,
  p.obs_id AS obs_id,
  a.filename AS association, superseded_by, p.cal_ver AS cal_ver,
  [{program: p.program, unfinished: EXISTS { (:Program {program: p.program, dirty: true}) }}] AS known
ORDER BY productFilename
