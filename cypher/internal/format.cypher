// name: internal/format
// summary: The format of the graph in the store, and whether jwgraph made the store.
// returns: format INTEGER, made BOOLEAN
// allow: NodeByLabelScan
OPTIONAL MATCH (s:Store {name: 'jwgraph'})
RETURN max(s.format) AS format, EXISTS { MATCH (:SchemaStep) } AS made
