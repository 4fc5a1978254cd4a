// name: query/links
// summary: Files linked to a file or its dataset, and what the file itself is linked to.
// param: filename STRING  file name
// returns: productFilename STRING, obs_id STRING, productType STRING, calib_level INTEGER, dataURI STRING, size INTEGER
// returns: relation STRING, productLevel STRING, archived BOOLEAN, linked_to STRING
// depends: names
// index: product_filename
MATCH (f:Product {filename: $filename})
CALL (f) {
  MATCH (f)<-[l:LINKED_TO]-(p:Product)
  RETURN p, l.relation AS relation, f.filename AS linked_to
  UNION
  MATCH (f)-[:PART_OF]->(o:Observation)<-[l:LINKED_TO]-(p:Product)
  WHERE p <> f
  RETURN p, l.relation AS relation, o.obs_id AS linked_to
  UNION
  MATCH (f)-[l:LINKED_TO]->(t)
  RETURN f AS p, l.relation AS relation, coalesce(t.filename, t.obs_id) AS linked_to
}
RETURN p.filename AS productFilename,
  p.obs_id AS obs_id,
  p.productType AS productType, p.calib_level AS calib_level, p.dataURI AS dataURI, p.size AS size,
  relation, p.productLevel AS productLevel, p.archived AND p.withdrawn IS NULL AS archived, linked_to
ORDER BY linked_to, productFilename
