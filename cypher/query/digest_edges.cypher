// name: query/digest_edges
// summary: Every edge with the keys of its ends and its properties, for the digest.
// returns: start STRING, type STRING, end STRING, properties MAP
// allow: AllNodesScan
MATCH (a)-[r]->(b)
RETURN coalesce(a.filename, a.obs_id, a.name, a.program) AS start, type(r) AS type,
  coalesce(b.filename, b.obs_id, b.name, b.program) AS end, properties(r) AS properties
