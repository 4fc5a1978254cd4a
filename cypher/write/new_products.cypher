// name: write/new_products
// summary: Create products that the store does not have; the constraint refuses those that another transaction made.
// mode: write
// param: rows LIST<MAP>  lists, since maps are twice as large to send: [filename, archived, seen, mast_rank or null, list of Association and Pool or null, [form, suffix, productLevel, calib_level, productType, program], other parts of the name as a map or null, [dataURI, size, productType, productSubGroupDescription, dataproduct_type, prvversion, dataRights, filters] or null, obs_id of its owner by name or null]; each file name once
// param: now INTEGER  time of the load, milliseconds since 1970
UNWIND $rows AS row
WITH row[0] AS filename, row[1] AS archived, row[2] AS seen, row[3] AS mast_rank, row[4] AS labels, row[5] AS named, row[6] AS rest,
  row[7] AS mast, row[8] AS obs_id, row[1] OR row[2] AS present
CREATE (p:Product {filename: filename, archived: archived, seen: CASE WHEN seen THEN true END, present: present,
  visible: CASE WHEN present THEN true END, new_at: CASE WHEN present THEN $now END, form: named[0], suffix: named[1],
  productLevel: named[2], calib_level: named[3], productType: CASE WHEN mast IS NULL THEN named[4] ELSE mast[2] END,
  program: named[5], visit_id: rest.visit_id, asn_id: rest.asn_id, asn_type: rest.asn_type, version_id: rest.version_id,
  mast_rank: mast_rank, dataURI: mast[0], size: mast[1], productSubGroupDescription: mast[3], dataproduct_type: mast[4],
  prvversion: mast[5], dataRights: mast[6], filters: mast[7],
  // The owner of most files; 90_products sets it for the others.
  obs_id: obs_id})
WITH p, labels
WHERE labels IS NOT NULL
SET p:$(labels)
