// name: derive/50_previews
// summary: A preview is linked to the file it shows, or to the dataset where that file is not there.
// mode: write
// param: program STRING  program number
// index: observation_program
MATCH (o:Observation {program: $program})
CALL (o) {
  MATCH (o)<-[:PART_OF]-(preview:Product {productType: 'PREVIEW'})
  OPTIONAL MATCH (o)<-[:PART_OF]-(p:Product)
  WHERE p.suffix = preview.suffix AND p.form = preview.form AND p.productType <> 'PREVIEW'
    AND (p.archived OR p.expected) AND split(p.filename, '.')[0] = preview.previews
  WITH o, preview, min(p.filename) AS shown
  CALL (o, preview, shown) {
    WITH o, preview, shown
    WHERE shown IS NULL
    CREATE (preview)-[:LINKED_TO {relation: 'preview', basis: 'name'}]->(o)
  }
  WITH preview, shown
  WHERE shown IS NOT NULL
  MATCH (p:Product {filename: shown})
  CREATE (preview)-[:LINKED_TO {relation: 'preview', basis: 'name'}]->(p)
} IN TRANSACTIONS OF 500 ROWS
