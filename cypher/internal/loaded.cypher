// name: internal/loaded
// summary: What is loaded of each program, and of engineering data, to separate none from not known.
// param: program STRING = *  program whose unread associations are counted, five digits; * for all programs
// returns: programs LIST<MAP>, unread STRING, unread_number INTEGER, engineering BOOLEAN, last_load INTEGER
// depends: program
// index: observation_program
// allow: NodeByLabelScan, CartesianProduct
CALL () {
  MATCH (g:Program)
  WHERE g.dirty OR EXISTS { (:Observation {program: g.program}) }
  WITH g ORDER BY g.program
  RETURN collect({program: g.program, associations: coalesce(g.associations, 0), headers: coalesce(g.headers, 0)}) AS programs
}
CALL () {
  CALL () {
    UNWIND CASE WHEN $program = '*' THEN [1] ELSE [] END AS every
    MATCH (o:Observation)
    RETURN o
    UNION ALL
    MATCH (o:Observation {program: $program})
    RETURN o
  }
  UNWIND o.unread AS file
  RETURN min(file) AS unread, count(DISTINCT file) AS unread_number
}
CALL () {
  MATCH (l:Load)
  RETURN max(l.started).epochMillis AS last_load
}
RETURN programs, unread, unread_number, EXISTS { (:EngineeringData) } AS engineering, last_load
