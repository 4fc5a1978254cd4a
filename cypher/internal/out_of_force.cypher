// name: internal/out_of_force
// summary: Superseded associations and withdrawn files of some programs, to compare the graph before and after a load.
// param: programs LIST<STRING>  program numbers, five digits
// returns: change STRING, productFilename STRING, detail STRING
// depends: program, names
// index: observation_program, association_program
UNWIND $programs AS program
CALL (program) {
  MATCH (o:Observation {program: program})<-[:PART_OF]-(p:Product)
  WHERE p.withdrawn
  RETURN 'withdrawn' AS change, p.filename AS productFilename, '' AS detail, count(*) AS owners
  UNION ALL
  MATCH (a:Association {program: program})
  WHERE a.superseded_by IS NOT NULL
  RETURN 'superseded' AS change, a.filename AS productFilename, a.superseded_by AS detail, 1 AS owners
}
RETURN change, productFilename, detail
ORDER BY change, productFilename
