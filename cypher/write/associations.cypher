// name: write/associations
// summary: Write the properties of association files, with the times first read and last replaced.
// mode: write
// param: rows LIST<MAP>  {filename, properties: {…}}
// param: now INTEGER  time of the load, milliseconds since 1970
// index: product_filename
UNWIND $rows AS row
MATCH (a:Product {filename: row.filename})
FOREACH (ignored IN CASE WHEN a.sha256 <> row.properties.sha256 AND a.new_at < $now THEN [1] ELSE [] END |
  SET a.reprocessed_at = $now, a.reprocessed = 'another content holds')
SET a += row.properties, a.new_at = coalesce(a.new_at, $now)
