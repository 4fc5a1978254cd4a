// name: internal/dirty_programs
// summary: Programs whose edges must be derived.
// returns: program STRING
// allow: NodeByLabelScan
MATCH (g:Program)
WHERE g.dirty
RETURN g.program AS program
ORDER BY program
