// name: internal/set_format
// summary: Record the format of the graph when the schema of a store is first created.
// mode: write
// param: format INTEGER  format of the graph
// allow: NodeByLabelScan
MERGE (s:Store {name: 'jwgraph'})
SET s.format = $format
