// name: internal/schema_steps
// summary: The schema steps applied to this store, with the checksums of their files.
// returns: name STRING, checksum STRING
// allow: NodeByLabelScan
MATCH (s:SchemaStep)
RETURN s.name AS name, s.checksum AS checksum
ORDER BY name
