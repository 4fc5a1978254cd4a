// name: query/digest_nodes
// summary: Every node with its key and properties, for the digest; bookkeeping is left out.
// returns: labels LIST<STRING>, properties MAP
// allow: AllNodesScan
MATCH (n)
WHERE NOT n:Load AND NOT n:Store AND NOT n:SchemaStep
RETURN labels(n) AS labels, properties(n) AS properties
