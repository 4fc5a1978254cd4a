// name: internal/raise_gone
// summary: Keep the next generation of programs that go, since theirs goes with them; * is all that is in the store.
// mode: write
// param: programs LIST<STRING>  program numbers
// allow: NodeByLabelScan
CALL () {
  MATCH (g:Program)
  RETURN coalesce(max(g.generation), 0) + 1 AS next
}
CALL (next) {
  MATCH (s:Store)
  RETURN coalesce(max(s.generation), 0) + 1 AS after
}
WITH reduce(latest = timestamp(), each IN [next, after] | CASE WHEN each > latest THEN each ELSE latest END) AS generation
// Another node than that of the write lock, which is held.
MERGE (s:Store {name: 'generations'})
SET s.generation = generation,
  s.gone = [each IN coalesce(s.gone, []) WHERE NOT split(each, ' ')[1] IN $programs]
    + [program IN $programs | toString(generation) + ' ' + program]
