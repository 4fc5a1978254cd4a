// name: internal/any_node
// summary: Whether the store has a node, its schema's steps and its lock aside: a restore takes an empty one.
// returns: labels LIST<STRING>
// allow: AllNodesScan
MATCH (n)
WHERE NOT n:Store AND NOT n:SchemaStep
RETURN labels(n) AS labels
LIMIT 1
