// name: internal/part_names
// summary: Observations and associations of a program by name, with how many files and edges the derivation meets there.
// param: program STRING  program number
// returns: name STRING, files INTEGER
// index: observation_program, association_program
CALL () {
  MATCH (o:Observation {program: $program})
  RETURN o.obs_id AS name, COUNT { (o)<-[:PART_OF]-() } AS files
  UNION ALL
  MATCH (a:Association {program: $program})
  RETURN a.filename AS name, COUNT { (a)-[:PRODUCES]->() } AS files
}
RETURN name, files
ORDER BY name
