// name: write/restore_end
// summary: Remove the mark of a store that is being restored.
// mode: write
// allow: NodeByLabelScan
MATCH (s:Store {name: 'generations'})
REMOVE s.restoring
