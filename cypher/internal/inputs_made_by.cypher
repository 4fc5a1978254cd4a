// name: internal/inputs_made_by
// summary: The current associations that make Observations, with their members: Stage 3 for Level 3, else Stage 2.
// param: obs_ids LIST<STRING>  Observation identifiers
// returns: obs_id STRING, level3 BOOLEAN, made_by LIST<MAP>, known LIST<MAP>
// needs: associations
// depends: names
// index: observation_obs_id
UNWIND $obs_ids AS obs_id
MATCH (o:Observation {obs_id: obs_id})
WITH o, coalesce(o.level3, false) AS level3
RETURN o.obs_id AS obs_id, level3,
  COLLECT { MATCH (o)<-[:PART_OF]-(:Product)<-[made:PRODUCES {obs_id: o.obs_id}]-(a:Association)
    // asn_from_list gives an association no type: then the level of what it makes says its stage.
    WHERE a.superseded_by IS NULL AND a.sha256 IS NOT NULL
      AND (coalesce(a.asn_type, '') ENDS WITH '3' OR (a.asn_type IS NULL AND made.productLevel = '3')) = level3
    WITH DISTINCT a
    RETURN {association: a.filename, asn_type: a.asn_type, duplicate_of: a.duplicate_of,
      members: COLLECT { MATCH (a)-[m:HAS_MEMBER]->(p:Product)
        WITH DISTINCT m.seq AS seq, m.exptype AS exptype, p
        RETURN {filename: p.filename, exptype: exptype, obs_id: p.obs_id} ORDER BY seq }}
    ORDER BY a.filename } AS made_by,
  [o {.obs_id, .program, .product_list, .unread, .asn_known, .level3, .mast_calib_level}] AS known
ORDER BY obs_id
