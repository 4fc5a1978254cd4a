// name: internal/raise_programs
// summary: Give programs the next generation, so that whoever reads them meanwhile asks again; keep that of programs that go.
// mode: write
// param: programs LIST<STRING>  program numbers
// param: gone LIST<STRING>  numbers of programs whose generation goes with them; * is all that is in the store
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
CALL (generation) {
  UNWIND $programs AS program
  MATCH (g:Program {program: program})
  SET g.generation = generation
}
WITH generation
WHERE size($gone) > 0
// Another node than that of the write lock, which is held.
MERGE (s:Store {name: 'generations'})
SET s.generation = generation,
  s.gone = [each IN coalesce(s.gone, []) WHERE NOT split(each, ' ')[1] IN $gone]
    + [program IN $gone | toString(generation) + ' ' + program]
