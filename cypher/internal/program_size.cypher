// name: internal/program_size
// summary: Whether the store has a program, and how many files and Observations of it.
// param: program STRING  program number, five digits
// returns: known BOOLEAN, files INTEGER, observations INTEGER
// index: program_program, observation_program
// allow: NodeByLabelScan
RETURN EXISTS { MATCH (:Program {program: $program}) } AS known,
  COUNT { MATCH (p:Product) WHERE p.program = $program } AS files,
  COUNT { MATCH (:Observation {program: $program}) } AS observations
