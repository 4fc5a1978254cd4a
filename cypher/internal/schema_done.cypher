// name: internal/schema_done
// summary: Record the schema steps that were applied, and the format of the graph.
// mode: write
// param: steps LIST<MAP>  {name, checksum} of each file
// param: format INTEGER  format of the graph
// allow: NodeByLabelScan
MERGE (s:Store {name: 'jwgraph'})
SET s.format = $format
WITH s
UNWIND $steps AS step
MERGE (d:SchemaStep {name: step.name})
ON CREATE SET d.checksum = step.checksum, d.applied = datetime()
