// name: internal/clean_programs
// summary: Mark the edges of these programs as derived.
// mode: write
// param: programs LIST<STRING>  program numbers
// index: program_program
UNWIND $programs AS program
MATCH (g:Program {program: program})
REMOVE g.dirty
