// name: write/forget_sources
// summary: Remove the edges that sources of a program state.
// mode: write
// param: program STRING  program number, five digits
// allow: NodeByLabelScan
MATCH (p:Product)
WHERE p.program = $program
CALL (p) {
  CALL (p) { MATCH (p)-[r:PART_OF|HAS_MEMBER|PLANS|CALIBRATED_WITH|COMPOSED_OF]->() DELETE r }
  CALL (p) {
    MATCH (p)-[r:PRODUCES|FROM_POOL|LINKED_TO]->()
    WHERE r.basis <> 'header'
    DELETE r
  }
  CALL (p) { MATCH (p)<-[r:PRODUCES|LINKED_TO {basis: 'header'}]-() DELETE r }
} IN TRANSACTIONS OF 1000 ROWS
