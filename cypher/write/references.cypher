// name: write/references
// summary: Link products to reference files from a table; of several contexts keep the greatest.
// mode: write
// param: rows LIST<MAP>  {filename, keyword, reference, context}
// index: product_filename, reference_file_name
UNWIND $rows AS row
MATCH (p:Product {filename: row.filename})
MERGE (f:ReferenceFile {name: row.reference})
MERGE (p)-[r:CALIBRATED_WITH {keyword: row.keyword, basis: 'table'}]->(f)
FOREACH (ignored IN CASE WHEN row.context > coalesce(r.context, '') THEN [1] ELSE [] END |
  SET r.context = row.context)
