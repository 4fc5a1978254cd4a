// name: internal/same_references
// summary: Numbers of the rows of `write/references` that would change nothing.
// param: rows LIST<MAP>  {filename, keyword, reference, context}
// returns: same LIST<INTEGER>
// index: product_filename
UNWIND range(0, size($rows) - 1) AS number
WITH number, $rows[number] AS row
MATCH (p:Product {filename: row.filename})
WHERE EXISTS {
  // Without its label: found by its name first, a reference file of thousands of products would be looked through for each row.
  MATCH (p)-[r:CALIBRATED_WITH {keyword: row.keyword, basis: 'table'}]->(f)
  WHERE f.name = row.reference AND NOT coalesce(row.context > coalesce(r.context, ''), false)
}
RETURN collect(number) AS same
