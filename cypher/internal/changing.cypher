// name: internal/changing
// summary: Programs that are being changed, the highest generation, and programs of a later one than was known; * is all.
// param: since INTEGER  the highest generation that was known
// returns: changing LIST<STRING>, generation INTEGER, moved LIST<STRING>
// allow: NodeByLabelScan, CartesianProduct
CALL () {
  MATCH (g:Program)
  WHERE g.dirty
  WITH g ORDER BY g.program
  RETURN collect(g.program) AS programs
}
CALL () {
  MATCH (s:Store)
  WHERE s.restoring
  RETURN CASE WHEN count(s) > 0 THEN ['*'] ELSE [] END AS store
}
// The order matters: a program that is not marked any more has its new generation already.
CALL (programs, store) {
  MATCH (g:Program)
  WHERE g.generation IS NOT NULL
  WITH g ORDER BY g.program
  RETURN coalesce(max(g.generation), 0) AS highest,
    collect(CASE WHEN g.generation > $since THEN g.program END) AS later
}
// Last what is kept of programs that are gone: it is written before they go.
CALL (later) {
  OPTIONAL MATCH (s:Store {name: 'generations'})
  RETURN coalesce(s.generation, 0) AS kept,
    [each IN coalesce(s.gone, []) WHERE toInteger(split(each, ' ')[0]) > $since | split(each, ' ')[1]] AS gone
}
RETURN programs + store AS changing, CASE WHEN kept > highest THEN kept ELSE highest END AS generation, later + gone AS moved
