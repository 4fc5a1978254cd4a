// name: internal/export_datalink
// summary: Every file related to Observations, and how: own, lineage, linked, made beside it, references; one row per Observation.
// param: obs_ids LIST<STRING>  Observation identifiers
// returns: obs_id STRING, links LIST<MAP>, known LIST<MAP>
// needs: associations
// depends: names
// index: observation_obs_id
UNWIND $obs_ids AS name
MATCH (o:Observation {obs_id: name})
CALL (o) {
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
  WITH way, p, mrp, relations, roles, coalesce(p.filename, reference) AS filename
  ORDER BY way, filename
  RETURN collect({
    way: way, productFilename: filename, productType: p.productType, form: p.form, suffix: p.suffix, mrp: mrp, relations: relations,
    roles: roles, dataURI: p.dataURI, size: p.size, archived: p.archived, dataRights: p.dataRights
  }) AS links,
    collect(CASE way WHEN 'up' THEN p END) AS made_of, max(CASE way WHEN 'own' THEN p.productLevel END) AS level
}
WITH o, links, made_of, level
WHERE size(links) > 0
RETURN o.obs_id AS obs_id, links,
  COLLECT { MATCH (o)<-[:INCLUDES*0..1]-(e:Observation)
    WHERE level IS NOT NULL
    RETURN e {.obs_id, .program, .product_list, .unread, .asn_known, .level3, .mast_calib_level} }
    + COLLECT { UNWIND made_of AS p
      MATCH (p)-[:PART_OF]->(e:Observation)
      WHERE p.productLevel IN ['2b', '2c', '3']
      WITH DISTINCT e
      RETURN e {.obs_id, .program, .product_list, .unread, .asn_known, .level3, .mast_calib_level} } AS known
