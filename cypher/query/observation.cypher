// name: query/observation
// summary: Observations: their level, what is archived, and what includes them.
// param: obs_ids LIST<STRING>  Observation identifiers
// returns: obs_id STRING, calib_level INTEGER, productLevel STRING, state STRING, listed BOOLEAN, included_in LIST<STRING>
// returns: known LIST<MAP>
// needs: lists
// depends: names
// index: observation_obs_id
UNWIND $obs_ids AS name
MATCH (o:Observation {obs_id: name})
RETURN o.obs_id AS obs_id, o.calib_level AS calib_level, o.productLevel AS productLevel,
  o.state AS state,
  coalesce(o.listed, false) AS listed,
  COLLECT { MATCH (p:Observation)-[:INCLUDES]->(o) RETURN p.obs_id ORDER BY p.obs_id } AS included_in,
  [o {.obs_id, .program, .product_list, .unread, .asn_known, .level3, .mast_calib_level}] AS known
ORDER BY obs_id
