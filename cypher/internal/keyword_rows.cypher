// name: internal/keyword_rows
// summary: A file of a program whose header properties come from MAST's keywords alone.
// param: program STRING = *  program number, five digits; * for all programs
// returns: filename STRING
// depends: program
// index: observation_program
// allow: NodeByLabelScan
CALL () {
  UNWIND CASE WHEN $program = '*' THEN [1] ELSE [] END AS every
  MATCH (p:Product)
  WHERE p.header_rank STARTS WITH '-'
  RETURN p
  LIMIT 1
  UNION ALL
  MATCH (:Observation {program: $program})<-[:PART_OF]-(p:Product)
  WHERE p.header_rank STARTS WITH '-'
  RETURN p
  LIMIT 1
}
RETURN p.filename AS filename
LIMIT 1
