// name: internal/restore_product_to_reference_file
// summary: Restore edges from Products to ReferenceFiles from a dump.
// mode: write
// param: rows LIST<MAP>  {type, start, end, properties}
// returns: number INTEGER
// index: product_filename, reference_file_name
// allow: CartesianProduct
UNWIND $rows AS row
MATCH (a:Product {filename: row.start})
MATCH (b:ReferenceFile {name: row.end})
FOREACH (ignored IN CASE row.type WHEN 'CALIBRATED_WITH' THEN [1] ELSE [] END | CREATE (a)-[r:CALIBRATED_WITH]->(b) SET r = row.properties)
RETURN count(*) AS number
