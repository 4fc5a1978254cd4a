// name: query/lineage_down
// summary: Everything made from a product, by the shortest path; one row per product.
// param: filename STRING  file name of the starting product
// returns: productFilename STRING, obs_id STRING, productType STRING, calib_level INTEGER, dataURI STRING, size INTEGER
// returns: recommended BOOLEAN, productLevel STRING, archived BOOLEAN, depth INTEGER, via LIST<MAP>
// index: product_filename
MATCH (start:Product {filename: $filename})
MATCH path = (start)<-[:COMPOSED_OF*1..]-(p:Product)
WITH start, p, min(length(path)) AS depth
WHERE p <> start
RETURN p.filename AS productFilename,
  p.obs_id AS obs_id,
  p.productType AS productType, p.calib_level AS calib_level, p.dataURI AS dataURI, p.size AS size,
  coalesce(p.recommended, false) AS recommended, p.productLevel AS productLevel, p.archived AND p.withdrawn IS NULL AS archived, depth,
  COLLECT { MATCH (p)-[e:COMPOSED_OF]->(n:Product) RETURN {file: n.filename, role: e.role, relation: e.relation, asn: e.asn} } AS via
ORDER BY depth, productFilename
