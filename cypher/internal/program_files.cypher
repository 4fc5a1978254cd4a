// name: internal/program_files
// summary: How many files the Observations of each program own.
// param: programs LIST<STRING>  program numbers
// returns: program STRING, files INTEGER
// index: observation_program
UNWIND $programs AS program
MATCH (o:Observation {program: program})
RETURN program, sum(COUNT { (o)<-[:PART_OF]-() }) AS files
