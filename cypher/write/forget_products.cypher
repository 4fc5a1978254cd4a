// name: write/forget_products
// summary: Remove the files of a program that nothing names any more.
// mode: write
// param: program STRING  program number, five digits
// allow: NodeByLabelScan
MATCH (p:Product)
WHERE p.program = $program
  AND NOT EXISTS { (p)<-[:HAS_MEMBER|PLANS|FROM_POOL]-() }
  AND NOT EXISTS { (p)<-[:PRODUCES {basis: 'association'}]-() }
  AND NOT EXISTS { (p)<-[:LINKED_TO {basis: 'table'}]-() }
  AND NOT EXISTS { (p)-[:PRODUCES|LINKED_TO {basis: 'header'}]->() }
CALL (p) { DETACH DELETE p } IN TRANSACTIONS OF 1000 ROWS
