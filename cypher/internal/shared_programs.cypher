// name: internal/shared_programs
// summary: Pairs of programs that are derived together.
// returns: a STRING, b STRING
// allow: NodeByLabelScan, DirectedRelationshipTypeScan
MATCH (a:Program)-[:SHARES_WITH]->(b:Program)
RETURN a.program AS a, b.program AS b
