// name: write/programs
// summary: Note the programs that a load touches; their edges are derived before the load ends, or at the next one.
// mode: write
// param: programs LIST<STRING>  program numbers, five digits
// index: program_program
UNWIND $programs AS program
MERGE (g:Program {program: program})
SET g.dirty = true
