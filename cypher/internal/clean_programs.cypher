// name: internal/clean_programs
// summary: Mark programs as derived, and raise their generation, by which readers see that answers may differ.
// mode: write
// param: programs LIST<STRING>  program numbers
// index: program_program
UNWIND $programs AS program
MATCH (g:Program {program: program})
SET g.generation = coalesce(g.generation, 0) + 1
REMOVE g.dirty
