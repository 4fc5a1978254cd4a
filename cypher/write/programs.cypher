// name: write/programs
// summary: Mark the programs that a load touches; their edges are derived by this load or the next.
// mode: write
// param: programs LIST<STRING>  program numbers, five digits
// index: program_program
UNWIND $programs AS program
MERGE (g:Program {program: program})
SET g.dirty = true
