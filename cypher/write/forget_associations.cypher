// name: write/forget_associations
// summary: Remove what was derived for the associations of a program.
// mode: write
// param: program STRING  program number
// index: association_program
MATCH (a:Association {program: $program})
CALL (a) {
  REMOVE a.superseded_by, a.duplicate_of
  WITH a
  MATCH (a)-[r:PRODUCES {basis: 'archived'}]->()
  DELETE r
} IN TRANSACTIONS OF 1000 ROWS
