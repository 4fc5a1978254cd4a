// name: internal/restore_edges_calibrated_with_to_reference_file
// summary: Restore CALIBRATED_WITH edges from Products to ReferenceFiles from a dump.
// mode: write
// param: rows LIST<MAP>  {start, end, properties}
// returns: number INTEGER
// index: product_filename, reference_file_name
// allow: CartesianProduct
UNWIND $rows AS row
MATCH (a:Product {filename: row.start})
MATCH (b:ReferenceFile {name: row.end})
CREATE (a)-[r:CALIBRATED_WITH]->(b)
SET r = row.properties
RETURN count(*) AS number
