// name: internal/export_lineage
// summary: Everything that the own files of one Observation were made from; each file once.
// param: obs_id STRING  Observation identifier
// returns: productFilename STRING, obs_id STRING, productType STRING, calib_level INTEGER, dataURI STRING, size INTEGER
// returns: relation STRING, productLevel STRING, archived BOOLEAN, known LIST<MAP>
// needs: associations
// depends: names
// index: observation_obs_id
MATCH (o:Observation {obs_id: $obs_id})<-[:PART_OF]-(start:Product)
WHERE start.visible
MATCH path = (start)-[:COMPOSED_OF*1..]->(p:Product)
WHERE p.withdrawn IS NULL
WITH o, p, min(length(path)) AS depth, min(last(relationships(path)).relation) AS relation
RETURN p.filename AS productFilename,
  p.obs_id AS obs_id,
  p.productType AS productType, p.calib_level AS calib_level, p.dataURI AS dataURI, p.size AS size,
  relation, p.productLevel AS productLevel, p.archived AS archived,
  // The first step adds what is known of the Observation; below Stage 2, files are made without an association.
  COLLECT { MATCH (p)-[:PART_OF]->(e:Observation)
    WHERE p.productLevel IN ['2b', '2c', '3']
    RETURN e {.obs_id, .program, .product_list, .unread, .asn_known, .level3, .mast_calib_level} }
    + CASE depth WHEN 1 THEN [o {.obs_id, .program, .product_list, .unread, .asn_known, .level3, .mast_calib_level}] ELSE [] END AS known
ORDER BY depth, productFilename
