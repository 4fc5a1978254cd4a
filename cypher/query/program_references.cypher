// name: query/program_references
// summary: Calibration reference files applied to the files of a program, with the number of files each.
// param: program STRING  program number, five digits
// returns: reference STRING, keyword STRING, context STRING, products INTEGER, known LIST<MAP>
// needs: headers
// depends: program
// index: observation_program
CALL () {
  MATCH (d:Observation {program: $program})
  WHERE d.present AND coalesce(d.headers, 0) = 0
  RETURN min(d.obs_id) AS without, count(d) AS without_number
}
WITH [{program: $program, without: without, without_number: without_number}] AS known
MATCH (o:Observation {program: $program})<-[:PART_OF]-(p:Product)
WITH DISTINCT p, known
MATCH (p)-[r:CALIBRATED_WITH]->(f:ReferenceFile)
WITH known, f.name AS reference, r.keyword AS keyword, max(r.context) AS context, count(DISTINCT p) AS products
RETURN reference, keyword, context, products, known
ORDER BY reference, keyword
