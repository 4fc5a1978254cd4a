// name: internal/unnamed_programs
// summary: Programs that nothing names any more.
// returns: program STRING
// index: observation_program
// allow: NodeByLabelScan
CALL () {
  MATCH (p:Product)
  RETURN collect(DISTINCT p.program) + CASE
    // An association whose name has no program has that of its content.
    WHEN max(CASE WHEN p:Association AND NOT p.filename STARTS WITH 'jw' THEN 1 ELSE 0 END) = 1 THEN [''] ELSE []
    END AS named
}
MATCH (g:Program)
WHERE NOT g.program IN named AND NOT EXISTS { (g)-[:SHARES_WITH]-() }
  AND NOT EXISTS { MATCH (:Observation {program: g.program}) }
RETURN g.program AS program
ORDER BY program
