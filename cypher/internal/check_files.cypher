// name: internal/check_files
// summary: What the store has of files of a folder: size, versions, later associations, and whether their names can be known.
// param: files LIST<MAP>  files, with their number, filename, obs_id and program of the name, and asntable of the header
// returns: number INTEGER, archived BOOLEAN, withdrawn BOOLEAN, seen BOOLEAN, form STRING, size INTEGER, dataURI STRING
// returns: prvversion STRING, cal_ver STRING, crds_ctx STRING, date STRING, obs_id STRING, superseded_by STRING
// returns: associations LIST<STRING>, product_list STRING, loaded BOOLEAN
// depends: names
// index: product_filename, observation_obs_id, observation_program
UNWIND $files AS file
OPTIONAL MATCH (p:Product {filename: file.filename})
WITH file, p, coalesce(p.obs_id, file.obs_id) AS obs_id
OPTIONAL MATCH (o:Observation {obs_id: obs_id})
OPTIONAL MATCH (a:Product {filename: file.asntable})
RETURN file.number AS number, coalesce(p.archived, false) AS archived, coalesce(p.withdrawn, false) AS withdrawn,
  coalesce(p.seen, false) AS seen, p.form AS form, p.size AS size, p.dataURI AS dataURI, p.prvversion AS prvversion,
  p.cal_ver AS cal_ver, p.crds_ctx AS crds_ctx, p.date AS date, o.obs_id AS obs_id, a.superseded_by AS superseded_by,
  COLLECT { MATCH (p)-[:PART_OF]->(:Observation)<-[:PART_OF]-(b:Association)
    WHERE file.asntable IS NOT NULL AND b.superseded_by IS NULL AND b.withdrawn IS NULL
      AND (b.sha256 IS NOT NULL OR b.present)
    RETURN DISTINCT b.filename ORDER BY b.filename } AS associations,
  o.product_list AS product_list, EXISTS { (:Observation {program: file.program}) } AS loaded
ORDER BY number
