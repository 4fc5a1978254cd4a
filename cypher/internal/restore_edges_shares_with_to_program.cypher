// name: internal/restore_edges_shares_with_to_program
// summary: Restore SHARES_WITH edges from Programs to Programs from a dump.
// mode: write
// param: rows LIST<MAP>  {start, end, properties}
// returns: number INTEGER
// index: program_program
// allow: CartesianProduct
UNWIND $rows AS row
MATCH (a:Program {program: row.start})
MATCH (b:Program {program: row.end})
CREATE (a)-[r:SHARES_WITH]->(b)
SET r = row.properties
RETURN count(*) AS number
