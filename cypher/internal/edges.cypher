// name: internal/edges
// summary: Every edge with the keys and labels of its ends and all its properties, for a dump.
// returns: start STRING, start_labels LIST<STRING>, type STRING, end STRING, end_labels LIST<STRING>, properties MAP
// depends: store
MATCH (a)-[r]->(b)
RETURN coalesce(a.filename, a.obs_id, a.name, a.program) AS start, labels(a) AS start_labels, type(r) AS type,
  coalesce(b.filename, b.obs_id, b.name, b.program) AS end, labels(b) AS end_labels, properties(r) AS properties
