// name: internal/shared_programs
// summary: Pairs of programs that are derived together.
// returns: a STRING, b STRING
MATCH (a:Program)-[:SHARES_WITH]->(b:Program)
RETURN a.program AS a, b.program AS b
