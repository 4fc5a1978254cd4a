// name: internal/begin_programs
// summary: The edges of these programs are about to be derived; should that be cut off, there is something to clear.
// mode: write
// param: programs LIST<STRING>  program numbers
// index: program_program
UNWIND $programs AS program
MATCH (g:Program {program: program})
SET g.derived = true
