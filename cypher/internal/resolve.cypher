// name: internal/resolve
// summary: What a text can be the name of: Observations and files by name, number, program or beginning.
// param: names LIST<STRING>  spellings of a name
// param: numbers LIST<INTEGER>  MAST's numbers of Observations
// param: programs LIST<STRING>  programs, five digits
// param: observations LIST<STRING>  beginnings of names of Observations
// param: products LIST<STRING>  beginnings of names of files
// param: files BOOLEAN  return the science files of each Observation
// param: limit INTEGER  maximum number of names of each kind with a beginning
// returns: how STRING, kind STRING, name STRING, listed BOOLEAN, owners LIST<MAP>, above LIST<STRING>
// returns: files LIST<MAP>
// depends: names
// index: product_filename, observation_obs_id, observation_mast_obsid, observation_program
CALL () {
  UNWIND $names AS name
  MATCH (o:Observation {obs_id: name})
  RETURN 'name' AS how, o, null AS p
  UNION
  UNWIND $names AS name
  MATCH (p:Product {filename: name})
  RETURN 'name' AS how, null AS o, p
  UNION
  UNWIND $numbers AS number
  MATCH (o:Observation {mast_obsid: number})
  RETURN 'number' AS how, o, null AS p
  UNION
  UNWIND $programs AS program
  MATCH (o:Observation {program: program})
  WHERE o.listed
  RETURN 'program' AS how, o, null AS p
  UNION
  UNWIND $observations AS beginning
  MATCH (o:Observation)
  WHERE o.obs_id STARTS WITH beginning
  WITH o LIMIT $limit
  RETURN 'beginning' AS how, o, null AS p
  UNION
  UNWIND $products AS beginning
  MATCH (p:Product)
  WHERE p.filename STARTS WITH beginning
  WITH p LIMIT $limit
  RETURN 'beginning' AS how, null AS o, p
}
RETURN how, CASE WHEN p IS NULL THEN 'Observation' ELSE 'Product' END AS kind, coalesce(o.obs_id, p.filename) AS name,
  coalesce(o.listed, false) AS listed,
  // Of several owners, rows of the Portal come first, then higher levels; files that no name owns are linked to some.
  COLLECT { MATCH (p)-[:PART_OF]->(owner:Observation)
    RETURN {obs_id: owner.obs_id, listed: coalesce(owner.listed, false)} ORDER BY coalesce(owner.listed, false) DESC, coalesce(owner.calib_level, -2) DESC, owner.obs_id }
  + COLLECT { MATCH (p)-[:LINKED_TO]->(owner:Observation)
    WHERE NOT EXISTS { (p)-[:PART_OF]->(:Observation) }
    RETURN {obs_id: owner.obs_id, listed: coalesce(owner.listed, false)} ORDER BY coalesce(owner.listed, false) DESC, coalesce(owner.calib_level, -2) DESC, owner.obs_id }
    AS owners,
  COLLECT { MATCH (p)-[:PART_OF]->(:Observation)<-[:INCLUDES]-(above:Observation {listed: true})
    WITH above, count(*) AS times
    RETURN above.obs_id ORDER BY times DESC, above.obs_id LIMIT 1 } AS above,
  COLLECT { MATCH (o)<-[r:PART_OF]-(file:Product {productType: 'SCIENCE'})
    WHERE $files AND file.visible AND r.withdrawn IS NULL
    RETURN {filename: file.filename, productLevel: file.productLevel, suffix: file.suffix,
      asn_types: COLLECT { MATCH (file)<-[:PRODUCES]-(a:Association)
        WHERE a.superseded_by IS NULL AND a.asn_type IS NOT NULL
        RETURN DISTINCT a.asn_type AS asn_type ORDER BY asn_type }}
    ORDER BY file.filename } AS files
ORDER BY how, kind, name
