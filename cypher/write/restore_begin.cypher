// name: write/restore_begin
// summary: Mark the whole store as being restored, before its first node is written.
// mode: write
// allow: NodeByLabelScan
MERGE (s:Store {name: 'generations'})
SET s.restoring = true
