// name: internal/same_owners
// summary: Numbers of the files whose ownership by an Observation `write/owners` would not change.
// param: rows LIST<MAP>  lists: [obs_id, [[filename, basis, calib_level, mast_mrp, mast_lists], …], number of the first file]
// returns: same LIST<INTEGER>
// index: observation_obs_id, product_filename
UNWIND $rows AS row
MATCH (o:Observation {obs_id: row[0]})
UNWIND range(0, size(row[1]) - 1) AS at
WITH o, row[2] + at AS number, row[1][at] AS file
MATCH (p:Product {filename: file[0]})
// One file of many: an Observation may have thousands.
WITH o, p, number, file
MATCH (p)-[r:PART_OF]->(o)
WHERE (r.basis = 'mast' OR r.basis = file[1] OR r.basis = 'name' AND file[1] = 'association')
  AND (file[2] IS NULL OR r.calib_level >= file[2])
  AND (file[3] IS NULL OR r.mast_mrp OR r.mast_mrp = file[3])
  AND all(entry IN coalesce(file[4], []) WHERE any(x IN r.mast_lists WHERE substring(x, 14) = substring(entry, 14) AND x >= entry))
RETURN collect(number) AS same
