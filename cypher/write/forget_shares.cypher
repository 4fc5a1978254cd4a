// name: write/forget_shares
// summary: Remove the pairs that a program is in.
// mode: write
// param: program STRING  program number, five digits
// index: program_program
MATCH (:Program {program: $program})-[s:SHARES_WITH]-()
DELETE s
