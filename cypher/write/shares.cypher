// name: write/shares
// summary: Pair two programs, one of whose associations names files of the other, to derive them together.
// mode: write
// param: rows LIST<MAP>  {a, b}: two program numbers
// index: program_program
// allow: CartesianProduct
UNWIND $rows AS row
MATCH (a:Program {program: row.a})
MATCH (b:Program {program: row.b})
MERGE (a)-[:SHARES_WITH]->(b)
