// name: derive/50_previews
// summary: Link a preview to the file it shows, or to the dataset if that file is missing.
// creates: LINKED_TO
// mode: write
// param: program STRING  program number
// index: observation_program
MATCH (o:Observation {program: $program})
CALL (o) {
  MATCH (o)<-[:PART_OF]-(p:Product)
  WHERE p.visible
  WITH o, p ORDER BY p.filename
  WITH o, collect(CASE WHEN p.productType = 'PREVIEW' THEN p END) AS previews,
    collect(CASE WHEN coalesce(p.productType, '') <> 'PREVIEW' THEN p END) AS files
  UNWIND previews AS preview
  // A stem may contain dots and end in `_thumb`: only the part after the last dot is the extension.
  WITH o, files, preview, CASE WHEN preview.filename CONTAINS '.'
    THEN left(preview.filename, size(preview.filename) - size(split(preview.filename, '.')[-1]) - 1)
    ELSE preview.filename END AS name
  WITH o, files, preview, CASE WHEN name ENDS WITH '_thumb' THEN left(name, size(name) - 6) ELSE name END AS stem
  WITH o, preview, head([p IN files WHERE p.suffix = preview.suffix AND p.filename STARTS WITH stem + '.'
    AND NOT substring(p.filename, size(stem)) CONTAINS '_']) AS shown
  FOREACH (ignored IN CASE WHEN shown IS NULL THEN [1] ELSE [] END |
    MERGE (preview)-[:LINKED_TO {relation: 'preview', basis: 'name'}]->(o))
  FOREACH (p IN CASE WHEN shown IS NULL THEN [] ELSE [shown] END |
    MERGE (preview)-[:LINKED_TO {relation: 'preview', basis: 'name'}]->(p))
} IN TRANSACTIONS OF 1000 ROWS
