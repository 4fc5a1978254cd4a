// name: write/headers
// summary: Write the properties of primary headers, and when and how a file was reprocessed.
// mode: write
// param: rows LIST<MAP>  {filename, properties: {…}}, with every header property, null if the card is absent
// param: now INTEGER  time of the load, milliseconds since 1970
// index: product_filename
UNWIND $rows AS row
MATCH (p:Product {filename: row.filename})
WITH p, row, [change IN [['CAL_VER', p.cal_ver, row.properties.cal_ver], ['CRDS_CTX', p.crds_ctx, row.properties.crds_ctx],
  ['ASNTABLE', p.asntable, row.properties.asntable]] WHERE change[1] <> change[2] AND p.new_at < $now |
  change[0] + ' ' + change[1] + ' to ' + change[2]] AS changes
FOREACH (ignored IN CASE WHEN changes <> [] THEN [1] ELSE [] END |
  SET p.reprocessed_at = $now, p.reprocessed = reduce(text = '', change IN changes |
    text + CASE WHEN text = '' THEN '' ELSE ', ' END + change))
SET p += row.properties
