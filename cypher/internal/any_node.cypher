// name: internal/any_node
// summary: Find any node of the graph, except schema steps and the lock; a restore needs an empty store.
// returns: labels LIST<STRING>
// allow: AllNodesScan
MATCH (n)
WHERE NOT n:Store AND NOT n:SchemaStep
RETURN labels(n) AS labels
LIMIT 1
