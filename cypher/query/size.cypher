// name: query/size
// summary: The files of the trees of Observations that are there, with their sizes, each once per Observation.
// param: obs_ids LIST<STRING>  Observation identifiers
// returns: obs_id STRING, files LIST<MAP>, known LIST<MAP>
// needs: lists
// depends: names
// index: observation_obs_id
UNWIND $obs_ids AS obs_id
MATCH (o:Observation {obs_id: obs_id})
CALL (o) {
  CALL (o) {
    MATCH (o)<-[r:PART_OF]-(p:Product)
    WHERE p.present AND r.withdrawn IS NULL
    RETURN p, coalesce(r.mrp, false) AS mrp
    UNION ALL
    MATCH (o)-[:INCLUDES]->(:Observation)<-[r:PART_OF]-(p:Product)
    WHERE p.present AND r.withdrawn IS NULL
    RETURN p, false AS mrp
    UNION ALL
    MATCH (o)-[:INCLUDES*0..1]->(:Observation)<-[:LINKED_TO]-(p:Product)
    WHERE p.present
    RETURN p, false AS mrp
    UNION ALL
    MATCH (o)-[:INCLUDES*0..1]->(:Observation)<-[:PART_OF]-(:Product)<-[:LINKED_TO]-(p:Product)
    WHERE p.present
    RETURN p, false AS mrp
  }
  WITH p, max(CASE WHEN mrp THEN 1 ELSE 0 END) = 1 AS mrp
  RETURN collect({filename: p.filename, size: p.size, mrp: mrp}) AS files
}
RETURN o.obs_id AS obs_id, files,
  [o {.obs_id, .program, .product_list, .unread, .asn_known, .level3, .mast_calib_level}] AS known
ORDER BY obs_id
