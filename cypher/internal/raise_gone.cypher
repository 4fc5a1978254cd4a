// name: internal/raise_gone
// summary: Keep the next generation of programs that go, since theirs goes with them; * is all that is in the store.
// mode: write
// param: programs LIST<STRING>  program numbers
// allow: NodeByLabelScan, UnionNodeByLabelsScan
CALL () {
  MATCH (g:Program|Store)
  RETURN coalesce(max(g.generation), 0) + 1 AS next
}
WITH CASE WHEN timestamp() > next THEN timestamp() ELSE next END AS generation
// Another node than that of the write lock, which is held.
MERGE (s:Store {name: 'generations'})
SET s.generation = generation,
  s.gone = [each IN coalesce(s.gone, []) WHERE NOT split(each, ' ')[1] IN $programs]
    + [program IN $programs | toString(generation) + ' ' + program]
