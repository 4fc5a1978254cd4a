// name: internal/same_links
// summary: Numbers of the rows of `write/links` that would change nothing.
// param: rows LIST<MAP>  {filename, linked_to, to: file or dataset, relation}
// returns: same LIST<INTEGER>
// index: product_filename
UNWIND range(0, size($rows) - 1) AS number
WITH number, $rows[number] AS row
MATCH (p:Product {filename: row.filename})
WHERE EXISTS {
  MATCH (p)-[:LINKED_TO {relation: row.relation, basis: 'table'}]->(other)
  WHERE CASE row.to WHEN 'file' THEN other:Product AND other.filename = row.linked_to
    ELSE other:Observation AND other.obs_id = row.linked_to END
}
RETURN collect(number) AS same
