// name: write/products
// summary: Products by file name: what the name says once, what MAST says by the newest processing, archived if any source lists it.
// mode: write
// param: rows LIST<MAP>  {filename, archived, named: {…}, mast_rank, mast: {…}}, each file name once
// index: product_filename
UNWIND $rows AS row
MERGE (p:Product {filename: row.filename})
ON CREATE SET p += row.named, p.archived = row.archived
FOREACH (ignored IN CASE WHEN row.archived AND NOT p.archived THEN [1] ELSE [] END | SET p.archived = true)
FOREACH (ignored IN CASE WHEN row.mast_rank > coalesce(p.mast_rank, '') THEN [1] ELSE [] END |
  SET p += row.mast, p.mast_rank = row.mast_rank)
FOREACH (ignored IN CASE WHEN row.named.form = 'association' THEN [1] ELSE [] END | SET p:Association)
FOREACH (ignored IN CASE WHEN row.named.form = 'pool' THEN [1] ELSE [] END | SET p:Pool)
