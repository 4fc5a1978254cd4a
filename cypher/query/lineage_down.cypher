// name: query/lineage_down
// summary: Everything made from a product, by the shortest path; one row per product.
// param: filename STRING  file name of the starting product
// returns: productFilename STRING, obs_id STRING, productType STRING, calib_level INTEGER, dataURI STRING, size INTEGER
// returns: recommended BOOLEAN, productLevel STRING, archived BOOLEAN, depth INTEGER, via LIST<MAP>, known LIST<MAP>
// needs: associations
// depends: names
// index: product_filename
MATCH (start:Product {filename: $filename})
MATCH path = (start)<-[:COMPOSED_OF*1..]-(p:Product)
WITH start, p, min(length(path)) AS depth
WHERE p <> start
WITH start, p, depth ORDER BY depth, p.filename
WITH start, collect({p: p, depth: depth}) AS made
UNWIND range(0, size(made) - 1) AS i
WITH start, made, i, made[i].p AS p, made[i].depth AS depth
RETURN p.filename AS productFilename,
  p.obs_id AS obs_id,
  p.productType AS productType, p.calib_level AS calib_level, p.dataURI AS dataURI, p.size AS size,
  coalesce(p.recommended, false) AS recommended, p.productLevel AS productLevel, p.archived AND p.withdrawn IS NULL AS archived, depth,
  COLLECT { MATCH (p)-[e:COMPOSED_OF]->(n:Product) RETURN {file: n.filename, role: e.role, relation: e.relation, asn: e.asn} } AS via,
  // What is known stands in the first row. Associations of what includes an Observation can name its files, and those of
  // the other Observations included there the files of the start.
  CASE i WHEN 0 THEN COLLECT { UNWIND [start] + [each IN made | each.p] AS file
    MATCH (file)-[:PART_OF]->(e:Observation)
    WHERE file.productLevel <> '3'
    WITH DISTINCT e, file = start AS first
    CALL (e, first) {
      MATCH (e)<-[:INCLUDES*0..1]-(o:Observation)
      RETURN o
      UNION
      MATCH (e)<-[:INCLUDES]-(:Observation)-[:INCLUDES]->(o:Observation)
      WHERE first AND o.unread IS NOT NULL
      RETURN o
    }
    WITH DISTINCT o
    RETURN o {.obs_id, .program, .product_list, .unread, .asn_known, .level3, .mast_calib_level} } ELSE [] END AS known
ORDER BY depth, productFilename
