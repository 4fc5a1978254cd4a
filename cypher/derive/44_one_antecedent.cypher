// name: derive/44_one_antecedent
// summary: Remove the edge inferred from file names where an association states the same edge.
// mode: write
// param: program STRING  program number
// index: association_program
MATCH (a:Association {program: $program})
CALL (a) {
  MATCH (a)-[:PRODUCES]->(x:Product)-[e:COMPOSED_OF]->(q:Product)
  WHERE e.asn IS NULL AND EXISTS { (x)-[by:COMPOSED_OF]->(q) WHERE by.asn IS NOT NULL }
  WITH DISTINCT e
  DELETE e
} IN TRANSACTIONS OF 500 ROWS
