// name: internal/schema_step
// summary: Record that a schema step was applied.
// mode: write
// param: name STRING  name of the file
// param: checksum STRING  checksum of its statement
// allow: NodeByLabelScan
MERGE (s:SchemaStep {name: $name})
ON CREATE SET s.checksum = $checksum, s.applied = datetime()
