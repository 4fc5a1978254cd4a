// name: write/forget_shares
// summary: Remove the pairs that a program is in, and the numbers of parents in other programs, which would make them anew.
// mode: write
// param: program STRING  program number, five digits
// index: program_program
MATCH (g:Program {program: $program})
REMOVE g.mast_parents
WITH g
MATCH (g)-[s:SHARES_WITH]-()
DELETE s
