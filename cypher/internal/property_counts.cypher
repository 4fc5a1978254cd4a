// name: internal/property_counts
// summary: Number of nodes of each label, and of edges of each type, that have each property.
// returns: kind STRING, name STRING, property STRING, number INTEGER
// depends: store
// allow: AllNodesScan
CALL () {
  MATCH (n)
  WHERE NOT n:Store AND NOT n:SchemaStep
  UNWIND labels(n) AS name
  UNWIND keys(n) AS property
  WITH name, property, count(*) AS number
  RETURN 'node' AS kind, name, property, number
  UNION ALL
  MATCH ()-[r]->()
  UNWIND keys(r) AS property
  WITH type(r) AS name, property, count(*) AS number
  RETURN 'edge' AS kind, name, property, number
}
RETURN kind, name, property, number
ORDER BY kind DESC, name, property
