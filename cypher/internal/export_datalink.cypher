// name: internal/export_datalink
// summary: Every file related to one Observation, and how: own, lineage, linked, made beside it, references.
// param: obs_id STRING  Observation identifier
// returns: way STRING, productFilename STRING, productType STRING, form STRING, suffix STRING, mrp BOOLEAN, relations LIST<STRING>
// returns: roles LIST<STRING>, dataURI STRING, size INTEGER, archived BOOLEAN, dataRights STRING, known LIST<MAP>
// needs: associations
// depends: names
// index: observation_obs_id
MATCH (o:Observation {obs_id: $obs_id})
CALL (o) {
  MATCH (o)<-[:PART_OF {mrp: true}]-(p:Product)
  WHERE NOT coalesce(p.form, '') IN ['association', 'pool', 'guide_star', 'msa']
  RETURN collect(DISTINCT p) AS these
}
CALL (o, these) {
  MATCH (o)<-[r:PART_OF]-(p:Product)
  WHERE p.visible AND r.withdrawn IS NULL
  RETURN 'own' AS way, p, coalesce(r.mrp, false) AS mrp, [] AS relations, [] AS roles, null AS reference
  UNION ALL
  UNWIND these AS this
  MATCH path = (this)-[:COMPOSED_OF*1..]->(p:Product)
  WHERE NOT p IN these AND p.visible
  WITH p, collect(DISTINCT last(relationships(path)).relation) AS relations, collect(DISTINCT last(relationships(path)).role) AS roles
  RETURN 'up' AS way, p, false AS mrp, relations, roles, null AS reference
  UNION ALL
  UNWIND these AS this
  MATCH path = (this)<-[:COMPOSED_OF*1..]-(p:Product)
  WHERE NOT p IN these AND p.visible
  WITH p, collect(DISTINCT last(relationships(path)).relation) AS relations, collect(DISTINCT last(relationships(path)).role) AS roles
  RETURN 'down' AS way, p, false AS mrp, relations, roles, null AS reference
  UNION ALL
  MATCH (o)-[i:INCLUDES]->(d:Observation)
  WHERE 'target_acquisition' IN i.roles
  MATCH (d)<-[:PART_OF]-(p:Product)
  WHERE p.visible AND NOT coalesce(p.productType, '') = 'PREVIEW'
  RETURN 'prerequisite' AS way, p, false AS mrp, ['prerequisite'] AS relations, i.roles AS roles, null AS reference
  UNION ALL
  MATCH (o)<-[l:LINKED_TO]-(p:Product)
  WHERE p.visible
  RETURN 'linked' AS way, p, false AS mrp, collect(DISTINCT l.relation) AS relations, [] AS roles, null AS reference
  UNION ALL
  MATCH (o)<-[:PART_OF]-(:Product)<-[l:LINKED_TO]-(p:Product)
  WHERE p.visible
  RETURN 'linked' AS way, p, false AS mrp, collect(DISTINCT l.relation) AS relations, [] AS roles, null AS reference
  UNION ALL
  MATCH (o)-[:INCLUDES]->(d:Observation)<-[l:LINKED_TO]-(p:Product)
  WHERE p.visible AND l.relation <> 'preview'
  RETURN 'linked' AS way, p, false AS mrp, collect(DISTINCT l.relation) AS relations, [] AS roles, null AS reference
  UNION ALL
  UNWIND these AS this
  MATCH (this)<-[:PRODUCES]-(a:Association)-[:PRODUCES]->(p:Product)
  WHERE a.superseded_by IS NULL AND NOT p IN these AND p.visible
  WITH p, count(*) AS times
  RETURN 'beside' AS way, p, false AS mrp, [] AS relations, [] AS roles, null AS reference
  UNION ALL
  UNWIND these AS this
  CALL (this) {
    RETURN this AS p, 'applied' AS way
    UNION
    MATCH (this)-[:COMPOSED_OF*1..]->(p:Product)
    RETURN p, 'applied' AS way
    UNION
    MATCH (this)<-[:COMPOSED_OF*1..]-(p:Product)
    RETURN p, 'applicable' AS way
  }
  MATCH (p)-[c:CALIBRATED_WITH]->(f:ReferenceFile)
  RETURN way, null AS p, false AS mrp, ['reference'] AS relations, collect(DISTINCT c.keyword) AS roles, f.name AS reference
}
RETURN way, coalesce(p.filename, reference) AS productFilename, p.productType AS productType, p.form AS form, p.suffix AS suffix,
  mrp, relations, roles, p.dataURI AS dataURI, p.size AS size, p.archived AS archived, p.dataRights AS dataRights,
  CASE way
    WHEN 'own' THEN COLLECT { MATCH (o)<-[:INCLUDES*0..1]-(e:Observation)
      WHERE p.productLevel IS NOT NULL
      RETURN e {.obs_id, .program, .product_list, .unread, .asn_known, .level3, .mast_calib_level} }
    WHEN 'up' THEN COLLECT { MATCH (p)-[:PART_OF]->(e:Observation)
      WHERE p.productLevel IN ['2b', '2c', '3']
      RETURN e {.obs_id, .program, .product_list, .unread, .asn_known, .level3, .mast_calib_level} }
    ELSE [] END AS known
ORDER BY way, productFilename
