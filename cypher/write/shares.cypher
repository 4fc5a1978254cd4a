// name: write/shares
// summary: An association of one program names files of another: their edges are derived together.
// mode: write
// param: rows LIST<MAP>  {a, b}: two program numbers
// index: program_program
// allow: CartesianProduct
UNWIND $rows AS row
MATCH (a:Program {program: row.a})
MATCH (b:Program {program: row.b})
MERGE (a)-[:SHARES_WITH]->(b)
