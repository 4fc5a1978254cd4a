// name: query/mrp
// summary: Minimum Recommended Products: own files, except previews and guide-star files.
// param: obs_ids LIST<STRING>  Observation identifiers
// returns: productFilename STRING, obs_id STRING, productType STRING, calib_level INTEGER, dataURI STRING, size INTEGER
// returns: mrp BOOLEAN, form STRING, productLevel STRING, archived BOOLEAN, mast_mrp BOOLEAN, known LIST<MAP>
// needs: lists
// depends: names
// index: observation_obs_id
UNWIND $obs_ids AS obs_id
MATCH (o:Observation {obs_id: obs_id})<-[r:PART_OF {mrp: true}]-(p:Product)
RETURN p.filename AS productFilename, o.obs_id AS obs_id, p.productType AS productType,
  coalesce(r.calib_level, p.calib_level, o.calib_level) AS calib_level,
  p.dataURI AS dataURI, p.size AS size, true AS mrp, p.form AS form, p.productLevel AS productLevel, p.archived AS archived,
  r.mast_mrp AS mast_mrp,
  [o {.obs_id, .program, .product_list, .unread, .asn_known, .level3, .mast_calib_level}] AS known
ORDER BY obs_id, productFilename
