// name: derive/44_one_antecedent
// summary: Where an association says what a product is made of, the name's word for the same edge is not needed.
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
