// name: internal/begin_programs
// summary: Mark programs before their edges are derived, so that an interrupted run is cleared later.
// mode: write
// param: programs LIST<STRING>  program numbers
// index: program_program
UNWIND $programs AS program
MATCH (g:Program {program: program})
SET g.derived = true
