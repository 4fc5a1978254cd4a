// name: internal/raise_programs
// summary: Give programs the next generation, so that whoever reads them meanwhile asks again.
// mode: write
// param: programs LIST<STRING>  program numbers
// index: program_program
// allow: NodeByLabelScan, UnionNodeByLabelsScan
CALL () {
  MATCH (g:Program|Store)
  RETURN coalesce(max(g.generation), 0) + 1 AS next
}
// The time, so that two stores seldom have the same.
WITH CASE WHEN timestamp() > next THEN timestamp() ELSE next END AS generation
UNWIND $programs AS program
MATCH (g:Program {program: program})
SET g.generation = generation
