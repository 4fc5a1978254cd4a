// name: write/owners
// summary: Merge which Observation owns which file, by the strongest basis: MAST, name, association.
// mode: write
// param: rows LIST<MAP>  lists: [obs_id, [[filename, basis, calib_level, mast_mrp, mast_lists], …]], each pair once
// index: observation_obs_id, product_filename
UNWIND $rows AS row
MATCH (o:Observation {obs_id: row[0]})
UNWIND row[1] AS file
WITH o, file[0] AS filename, file[1] AS basis, file[2] AS calib_level, file[3] AS mast_mrp, file[4] AS mast_lists
MATCH (p:Product {filename: filename})
MERGE (p)-[r:PART_OF]->(o)
ON CREATE SET r.basis = basis, r.calib_level = calib_level, r.mast_mrp = mast_mrp, r.mast_lists = mast_lists
ON MATCH SET
  r.basis = CASE WHEN 'mast' IN [r.basis, basis] THEN 'mast'
                 WHEN 'name' IN [r.basis, basis] THEN 'name'
                 ELSE 'association' END,
  r.calib_level = CASE WHEN r.calib_level >= calib_level THEN r.calib_level
                       ELSE coalesce(calib_level, r.calib_level) END,
  r.mast_mrp = CASE WHEN r.mast_mrp THEN true ELSE coalesce(mast_mrp, r.mast_mrp) END,
  // An entry is a time and an obs_id: of one obs_id keep the newest.
  r.mast_lists = CASE WHEN mast_lists IS NULL THEN r.mast_lists
                      ELSE [x IN coalesce(r.mast_lists, []) WHERE none(y IN mast_lists WHERE substring(y, 14) = substring(x, 14) AND y >= x)]
                         + [y IN mast_lists WHERE none(x IN coalesce(r.mast_lists, []) WHERE substring(x, 14) = substring(y, 14) AND x > y)] END
