// name: derive/50_previews
// summary: Link a preview to the file it shows, or to the dataset if that file is missing.
// creates: LINKED_TO
// mode: write
// param: program STRING  program number
// param: first STRING  first obs_id of the part to derive; null from the beginning
// param: end STRING  first obs_id of the next part; null to the end
// index: observation_program
MATCH (o:Observation {program: $program})<-[:PART_OF]-(x:Product)
WHERE ($first IS NULL OR o.obs_id >= $first) AND ($end IS NULL OR o.obs_id < $end)
  AND (x.productType = 'PREVIEW' OR EXISTS { (x)-[:LINKED_TO {relation: 'preview', basis: 'name'}]->() })
// All owners of a file count, so it is taken once.
WITH DISTINCT x
CALL (x) {
  CALL (x) {
    // A stem may contain dots and end in `_thumb`: only the part after the last dot is the extension.
    WITH x, CASE WHEN x.filename CONTAINS '.'
      THEN left(x.filename, size(x.filename) - size(split(x.filename, '.')[-1]) - 1)
      ELSE x.filename END AS name
    WHERE x.visible AND x.productType = 'PREVIEW'
    WITH x, CASE WHEN name ENDS WITH '_thumb' THEN left(name, size(name) - 6) ELSE name END AS stem
    MATCH (x)-[:PART_OF]->(o)
    OPTIONAL MATCH (o)<-[:PART_OF]-(p:Product)
    WHERE p.suffix = x.suffix AND p.filename STARTS WITH stem + '.' AND NOT substring(p.filename, size(stem)) CONTAINS '_'
      AND p.visible AND coalesce(p.productType, '') <> 'PREVIEW'
    WITH o, p ORDER BY p.filename
    WITH o, collect(p)[0] AS shown
    RETURN coalesce(shown, o) AS target, null AS edge
    UNION ALL
    MATCH (x)-[edge:LINKED_TO {relation: 'preview', basis: 'name'}]->(target)
    RETURN target, edge
  }
  WITH x, target, collect(edge) AS edges, count(*) > count(edge) AS right
  WHERE NOT right OR size(edges) <> 1
  FOREACH (edge IN CASE WHEN right THEN edges[1..] ELSE edges END | DELETE edge)
  FOREACH (ignored IN CASE WHEN edges = [] THEN [1] ELSE [] END |
    CREATE (x)-[:LINKED_TO {relation: 'preview', basis: 'name'}]->(target))
}
