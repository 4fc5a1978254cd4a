// name: query/counts
// summary: Number of nodes of each label and edges of each type.
// returns: kind STRING, name STRING, number INTEGER
// depends: store
// allow: AllNodesScan
CALL () {
  MATCH (n)
  UNWIND labels(n) AS name
  WITH name, count(*) AS number
  RETURN 'node' AS kind, name, number
  UNION ALL
  MATCH ()-[r]->()
  WITH type(r) AS name, count(*) AS number
  RETURN 'edge' AS kind, name, number
}
WITH kind, name, number
WHERE NOT name IN ['Load', 'Store', 'SchemaStep']
RETURN kind, name, number
ORDER BY kind DESC, name
