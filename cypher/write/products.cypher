// name: write/products
// summary: Merge rows about products that the store has, with the times they were new, reprocessed or made public.
// mode: write
// param: rows LIST<MAP>  lists, as of `write/new_products`: [filename, archived, seen, mast_rank or null, labels or null, …, …, [dataURI, size, productType, productSubGroupDescription, dataproduct_type, prvversion, dataRights, filters] or null]; each file name once
// param: now INTEGER  time of the load, milliseconds since 1970
// index: product_filename
UNWIND $rows AS row
WITH row[0] AS filename, row[1] AS archived, row[2] AS seen, row[3] AS mast_rank, row[4] AS labels, row[7] AS mast
MATCH (p:Product {filename: filename})
// Derivation takes `present` and `visible` from withdrawn files again; files that no Observation owns have them from here.
FOREACH (ignored IN CASE WHEN archived AND NOT p.archived OR seen AND p.seen IS NULL THEN [1] ELSE [] END |
  SET p.archived = p.archived OR archived, p.seen = CASE WHEN p.seen OR seen THEN true END, p.present = true, p.visible = true,
    p.new_at = coalesce(p.new_at, $now))
FOREACH (ignored IN CASE WHEN p.mast_rank < mast_rank AND p.prvversion <> mast[5] AND p.new_at < $now THEN [1] ELSE [] END |
  SET p.reprocessed_at = $now, p.reprocessed = 'CAL_VER ' + p.prvversion + ' to ' + mast[5])
FOREACH (ignored IN CASE WHEN p.mast_rank < mast_rank AND p.dataRights <> 'PUBLIC' AND mast[6] = 'PUBLIC' AND p.new_at < $now THEN [1] ELSE [] END |
  SET p.public_at = $now)
FOREACH (ignored IN CASE WHEN mast_rank > coalesce(p.mast_rank, '') THEN [1] ELSE [] END |
  SET p.mast_rank = mast_rank, p.dataURI = mast[0], p.size = mast[1], p.productType = mast[2],
    p.productSubGroupDescription = mast[3], p.dataproduct_type = mast[4], p.prvversion = mast[5],
    p.dataRights = mast[6], p.filters = mast[7])
FOREACH (ignored IN CASE WHEN 'Association' IN labels THEN [1] ELSE [] END | SET p:Association)
FOREACH (ignored IN CASE WHEN 'Pool' IN labels THEN [1] ELSE [] END | SET p:Pool)
