// name: internal/nodes
// summary: Every node with all its properties, for a dump; except schema steps and the lock.
// returns: labels LIST<STRING>, properties MAP
// depends: store
// allow: AllNodesScan
MATCH (n)
WHERE NOT n:Store AND NOT n:SchemaStep
RETURN labels(n) AS labels, properties(n) AS properties
