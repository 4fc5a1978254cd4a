// name: internal/set_format
// summary: Note the format of the graph in a store, when its schema is first made.
// mode: write
// param: format INTEGER  format of the graph
// allow: NodeByLabelScan
MERGE (s:Store {name: 'jwgraph'})
SET s.format = $format
