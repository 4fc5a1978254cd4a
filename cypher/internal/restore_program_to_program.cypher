// name: internal/restore_program_to_program
// summary: Restore edges between Programs from a dump.
// mode: write
// param: rows LIST<MAP>  {type, start, end, properties}
// returns: number INTEGER
// index: program_program
// allow: CartesianProduct
UNWIND $rows AS row
MATCH (a:Program {program: row.start})
MATCH (b:Program {program: row.end})
FOREACH (ignored IN CASE row.type WHEN 'SHARES_WITH' THEN [1] ELSE [] END | CREATE (a)-[r:SHARES_WITH]->(b) SET r = row.properties)
RETURN count(*) AS number
