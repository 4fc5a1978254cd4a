// name: write/restore_shares_with
// summary: Restore a dump: edges of type SHARES_WITH, with all their properties.
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
