// name: derive/50_previews
// summary: A preview is linked to the file it shows, or to the dataset where that file is not there.
// creates: LINKED_TO
// mode: write
// param: program STRING  program number
// index: observation_program
MATCH (o:Observation {program: $program})
CALL (o) {
  MATCH (o)<-[:PART_OF]-(p:Product)
  WHERE p.visible
  WITH o, collect(CASE WHEN p.productType = 'PREVIEW' THEN p END) AS previews,
    collect(CASE WHEN coalesce(p.productType, '') <> 'PREVIEW' THEN p END) AS files
  UNWIND previews AS preview
  WITH o, files, preview, replace(split(preview.filename, '.')[0], '_thumb', '') AS stem
  WITH o, preview, head([p IN files WHERE p.suffix = preview.suffix AND split(p.filename, '.')[0] = stem]) AS shown
  FOREACH (ignored IN CASE WHEN shown IS NULL THEN [1] ELSE [] END |
    CREATE (preview)-[:LINKED_TO {relation: 'preview', basis: 'name'}]->(o))
  FOREACH (p IN CASE WHEN shown IS NULL THEN [] ELSE [shown] END |
    CREATE (preview)-[:LINKED_TO {relation: 'preview', basis: 'name'}]->(p))
} IN TRANSACTIONS OF 1000 ROWS
