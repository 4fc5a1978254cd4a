// name: internal/dirty_programs
// summary: Programs whose edges must be derived, or were derived before.
// returns: program STRING, dirty BOOLEAN, derived BOOLEAN
// allow: NodeByLabelScan
MATCH (g:Program)
WHERE g.dirty OR g.derived
RETURN g.program AS program, coalesce(g.dirty, false) AS dirty, coalesce(g.derived, false) AS derived
ORDER BY program
