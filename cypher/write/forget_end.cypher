// name: write/forget_end
// summary: Remove programs that nothing names any more, and the mark of the one that is forgotten.
// mode: write
// param: program STRING  program number, five digits
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
FOREACH (it IN CASE WHEN g.program = $program THEN [g] ELSE [] END | REMOVE it.forgetting)
WITH g, named
WHERE NOT g.program IN named AND NOT EXISTS { (g)-[:SHARES_WITH]-() }
  AND NOT EXISTS { MATCH (:Observation {program: g.program}) }
DELETE g
