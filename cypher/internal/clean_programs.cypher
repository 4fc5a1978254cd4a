// name: internal/clean_programs
// summary: The edges of these programs are derived.
// mode: write
// param: programs LIST<STRING>  program numbers
// index: program_program
UNWIND $programs AS program
MATCH (g:Program {program: program})
REMOVE g.dirty
