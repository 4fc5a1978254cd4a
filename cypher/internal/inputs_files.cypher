// name: internal/inputs_files
// summary: Files by name, with the MSA metadata files of their exposures.
// param: filenames LIST<STRING>  file names
// returns: productFilename STRING, obs_id STRING, productType STRING, calib_level INTEGER, dataURI STRING, size INTEGER
// returns: productLevel STRING, archived BOOLEAN, msa LIST<STRING>
// depends: names
// index: product_filename
UNWIND $filenames AS filename
MATCH (p:Product {filename: filename})
RETURN p.filename AS productFilename, p.obs_id AS obs_id, p.productType AS productType, p.calib_level AS calib_level,
  p.dataURI AS dataURI, p.size AS size, p.productLevel AS productLevel, p.archived AND p.withdrawn IS NULL AS archived,
  COLLECT {
    MATCH (p)<-[:LINKED_TO {relation: 'msa'}]-(m:Product)
    RETURN m.filename AS name ORDER BY name
    UNION
    MATCH (p)-[:PART_OF]->(:Observation)<-[:LINKED_TO {relation: 'msa'}]-(m:Product)
    RETURN m.filename AS name ORDER BY name
  } AS msa
ORDER BY productFilename
