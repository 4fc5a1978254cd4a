// name: query/stale
// summary: Files whose header names a superseded association, or a CAL_VER older than MAST's prvversion.
// param: program STRING = *  program number, five digits; * for all programs
// returns: productFilename STRING, obs_id STRING, association STRING, superseded_by STRING, cal_ver STRING, prvversion STRING
// returns: reason STRING
// depends: program, names
// index: association_program, observation_program
// allow: NodeByLabelScan
CALL () {
  UNWIND CASE WHEN $program = '*' THEN [1] ELSE [] END AS every
  MATCH (p:Product)
  WHERE p.header_rank IS NOT NULL
  RETURN p
  UNION
  MATCH (a:Association {program: $program})-[:PRODUCES {basis: 'header'}]->(p:Product)
  RETURN p
  UNION
  MATCH (:Observation {program: $program})<-[:PART_OF]-(p:Product)
  WHERE p.header_rank IS NOT NULL
  RETURN p
}
CALL (p) {
  MATCH (a:Association)-[:PRODUCES {basis: 'header'}]->(p)
  OPTIONAL MATCH (p)-[:PART_OF]->(:Observation)<-[:PART_OF]-(:Product)<-[:PRODUCES]-(b:Association)
  WHERE b.sha256 IS NOT NULL AND b.superseded_by IS NULL AND b.asn_id = a.asn_id AND b.asn_type = a.asn_type
    AND toLower(b.version_id) > toLower(a.version_id)
  WITH a, coalesce(a.superseded_by, max(b.filename)) AS superseded_by
  RETURN max(superseded_by) AS superseded_by
}
// Compare version numbers as numbers: 1.9.2 comes before 1.13.3. What is not on disk has MAST's version.
WITH p, superseded_by,
  p.seen AND reduce(n = 0, part IN (split(p.cal_ver, '.') + ['0', '0'])[..3] | n * 10000 + coalesce(toInteger(part), 0))
    < reduce(n = 0, part IN (split(p.prvversion, '.') + ['0', '0'])[..3] | n * 10000 + coalesce(toInteger(part), 0)) AS older
WHERE superseded_by IS NOT NULL OR older
RETURN p.filename AS productFilename, p.obs_id AS obs_id, p.asntable AS association, superseded_by, p.cal_ver AS cal_ver,
  p.prvversion AS prvversion,
  CASE WHEN superseded_by IS NULL THEN 'version' WHEN older THEN 'association, version' ELSE 'association' END AS reason
ORDER BY productFilename
