// name: query/impact
// summary: What was made from a reference file, a file or an Observation, and what includes it by MAST's lists alone.
// param: name STRING  reference file (crds://…), file name or Observation identifier
// returns: productFilename STRING, obs_id STRING, calib_level INTEGER, recommended BOOLEAN, depth INTEGER, basis STRING
// returns: size INTEGER, observations LIST<MAP>, known LIST<MAP>
// needs: associations
// depends: names
// index: reference_file_name, product_filename, observation_obs_id
CALL () {
  MATCH (:ReferenceFile {name: $name})<-[:CALIBRATED_WITH]-(p:Product)
  RETURN p
  UNION
  MATCH (p:Product {filename: $name})
  RETURN p
  UNION
  // Files that Observations share, such as MSA metadata, are not made into anything.
  MATCH (:Observation {obs_id: $name})<-[:PART_OF]-(p:Product)
  WHERE p.visible AND NOT coalesce(p.productType, '') IN ['INFO', 'PREVIEW'] AND NOT coalesce(p.form, '') IN ['association', 'pool', 'guide_star', 'msa']
  RETURN p
}
WITH collect(DISTINCT p) AS starts
UNWIND starts AS start
CALL (start) {
  RETURN start AS p, 0 AS depth
  UNION ALL
  MATCH path = (start)<-[:COMPOSED_OF*1..]-(p:Product)
  RETURN p, min(length(path)) AS depth
}
WITH p, min(depth) AS depth
WITH p, depth, CASE WHEN coalesce(p.form, '') IN ['association', 'pool', 'guide_star', 'msa'] OR coalesce(p.productType, '') = 'PREVIEW' THEN []
  ELSE COLLECT { MATCH (p)-[:PART_OF]->(o:Observation) RETURN o ORDER BY o.obs_id } END AS owners
WITH collect({p: p, depth: depth, owners: owners}) AS made
// Neither a group nor a row that is sorted may hold all that was made: of thousands of files each would take megabytes.
CALL (made) {
  UNWIND made AS each
  UNWIND each.owners AS e
  WITH each, e
  WHERE each.p.productLevel <> '3'
  WITH e, min(each.depth) = 0 AS first
  CALL (e, first) {
    MATCH (e)<-[:INCLUDES*0..1]-(o:Observation)
    RETURN o
    UNION
    MATCH (e)<-[:INCLUDES]-(:Observation)-[:INCLUDES]->(o:Observation)
    WHERE first AND o.unread IS NOT NULL
    RETURN o
  }
  WITH o, count(*) AS times
  RETURN collect(o {.obs_id, .program, .product_list, .unread, .asn_known, .level3, .mast_calib_level}) AS needed
}
CALL (made, needed) {
  UNWIND range(0, size(made) - 1) AS i
  // What is known stands in the first row, as in lineage_down.
  RETURN made[i].p AS p, made[i].depth AS depth, 'lineage' AS basis, made[i].owners AS owners,
    CASE i WHEN 0 THEN needed ELSE [] END AS known
  UNION ALL
  UNWIND made AS each
  UNWIND each.owners AS e
  WITH e, count(*) AS times
  WITH collect(e) AS inside
  UNWIND inside AS e
  MATCH (e)<-[i:INCLUDES]-(o:Observation)
  WHERE i.basis = ['mast'] AND NOT o IN inside
  WITH o, count(*) AS times
  OPTIONAL MATCH (o)<-[:PART_OF {mrp: true}]-(p:Product)
  WHERE NOT coalesce(p.form, '') IN ['association', 'pool', 'guide_star', 'msa']
  RETURN p, null AS depth, 'mast' AS basis, [o] AS owners, [] AS known
}
RETURN p.filename AS productFilename, head(owners).obs_id AS obs_id, p.calib_level AS calib_level,
  coalesce(p.recommended, false) AS recommended, depth, basis, p.size AS size,
  [o IN owners | o {.obs_id, .calib_level}] AS observations, known
ORDER BY depth, productFilename
