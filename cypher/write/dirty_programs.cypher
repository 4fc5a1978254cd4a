// name: write/dirty_programs
// summary: The programs whose edges have to be derived, with those that share files with them, and whether they were derived before.
// returns: program STRING, derived BOOLEAN
// allow: NodeByLabelScan
MATCH (g:Program)
WHERE g.dirty
CALL (g) {
  RETURN g AS h
  UNION
  MATCH (g)-[:SHARES_WITH*1..]-(h:Program)
  RETURN h
}
WITH h, count(*) AS times
RETURN h.program AS program, coalesce(h.derived, false) AS derived
ORDER BY program
