// name: internal/associations_loaded
// summary: Whether the content of any association is loaded.
// param: program STRING = *  program number, five digits; * for any program
// returns: loaded BOOLEAN
// index: association_program
// allow: NodeByLabelScan
CALL () {
  UNWIND CASE WHEN $program = '*' THEN [1] ELSE [] END AS every
  MATCH (a:Association)
  WHERE a.sha256 IS NOT NULL
  RETURN a
  LIMIT 1
  UNION ALL
  MATCH (a:Association {program: $program})
  WHERE a.sha256 IS NOT NULL
  RETURN a
  LIMIT 1
}
RETURN count(a) > 0 AS loaded
