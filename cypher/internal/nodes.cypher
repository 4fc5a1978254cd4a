// name: internal/nodes
// summary: Every node with all its properties, for a dump; the schema's steps and the lock are the store's own.
// returns: labels LIST<STRING>, properties MAP
// allow: AllNodesScan
MATCH (n)
WHERE NOT n:Store AND NOT n:SchemaStep
RETURN labels(n) AS labels, properties(n) AS properties
