// name: query/tree
// summary: Every product of Observations, as in the Download Manager; one row per Observation and each that it includes.
// param: obs_ids LIST<STRING>  Observation identifiers
// param: exposures BOOLEAN = true  with the files of the Observations that each includes
// returns: tree STRING, obs_id STRING, own BOOLEAN, roles LIST<STRING>, files LIST<MAP>, known LIST<MAP>
// needs: lists
// depends: names
// index: observation_obs_id
UNWIND $obs_ids AS name
MATCH (o:Observation {obs_id: name})
CALL (o) {
  CALL (o) {
    RETURN o AS d, true AS own, [] AS roles
    UNION ALL
    MATCH (o)-[i:INCLUDES]->(d:Observation)
    WHERE $exposures
    RETURN d, false AS own, i.roles AS roles
  }
  CALL (o, d, own) {
    MATCH (d)<-[r:PART_OF]-(p:Product)
    WHERE p.visible AND r.withdrawn IS NULL
    RETURN p, CASE WHEN own THEN coalesce(r.mrp, false) ELSE false END AS mrp, r.calib_level AS row_level,
      r.mast_mrp AS mast_mrp, null AS link
    UNION ALL
    MATCH (d)<-[l:LINKED_TO]-(p:Product)
    WHERE p.visible AND NOT EXISTS { (p)-[:PART_OF]->(d) }
    RETURN p, false AS mrp, null AS row_level, null AS mast_mrp, l.relation AS link
    UNION ALL
    MATCH (d)<-[:PART_OF]-(:Product)<-[l:LINKED_TO]-(p:Product)
    WHERE p.visible AND NOT EXISTS { (p)-[:PART_OF]->(d) }
    RETURN p, false AS mrp, null AS row_level, null AS mast_mrp, l.relation AS link
  }
  WITH d, own, roles,
    collect({
      productFilename: p.filename, productType: p.productType,
      calib_level: coalesce(row_level, p.calib_level, CASE WHEN own AND link IS NULL THEN d.calib_level END),
      dataURI: p.dataURI, size: p.size, mrp: mrp, mast_mrp: mast_mrp, form: p.form, suffix: p.suffix,
      productLevel: p.productLevel, archived: p.archived, present: coalesce(p.present, false), link: link
    }) AS files
  RETURN d.obs_id AS obs_id, own, roles, files
  ORDER BY own DESC, obs_id
}
RETURN o.obs_id AS tree, obs_id, own, roles, files,
  CASE WHEN own THEN [o {.obs_id, .program, .product_list, .unread, .asn_known, .level3, .mast_calib_level}] ELSE [] END AS known
