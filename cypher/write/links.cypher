// name: write/links
// summary: Write links from a table: from a file to a file or an Observation.
// mode: write
// param: rows LIST<MAP>  {filename, linked_to, to: file or dataset, relation}
// index: product_filename, observation_obs_id
UNWIND $rows AS row
MATCH (p:Product {filename: row.filename})
CALL (row, p) {
  WITH row, p WHERE row.to = 'file'
  MATCH (q:Product {filename: row.linked_to})
  MERGE (p)-[:LINKED_TO {relation: row.relation, basis: 'table'}]->(q)
  UNION
  WITH row, p WHERE row.to = 'dataset'
  MATCH (o:Observation {obs_id: row.linked_to})
  MERGE (p)-[:LINKED_TO {relation: row.relation, basis: 'table'}]->(o)
}
