// name: write/dirty_programs
// summary: The programs whose edges have to be derived, with those that share files with them.
// returns: program STRING
// allow: NodeByLabelScan
MATCH (g:Program)
WHERE g.dirty
CALL (g) {
  RETURN g AS h
  UNION
  MATCH (g)-[:SHARES_WITH*1..]-(h:Program)
  RETURN h
}
WITH h.program AS program, count(*) AS times
RETURN program
ORDER BY program
