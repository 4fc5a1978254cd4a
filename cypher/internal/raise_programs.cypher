// name: internal/raise_programs
// summary: Give programs the next generation, so that whoever reads them meanwhile asks again.
// mode: write
// param: programs LIST<STRING>  program numbers
// index: program_program
// allow: NodeByLabelScan
CALL () {
  MATCH (g:Program)
  RETURN coalesce(max(g.generation), 0) + 1 AS next
}
CALL (next) {
  MATCH (s:Store)
  RETURN coalesce(max(s.generation), 0) + 1 AS after
}
// The time, so that two stores seldom have the same.
WITH reduce(latest = timestamp(), each IN [next, after] | CASE WHEN each > latest THEN each ELSE latest END) AS generation
UNWIND $programs AS program
MATCH (g:Program {program: program})
SET g.generation = generation
