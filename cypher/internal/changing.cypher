// name: internal/changing
// summary: Programs that a load has begun to change, the highest generation, and programs of a later one than was known.
// param: since INTEGER  the highest generation that was known
// returns: changing LIST<STRING>, generation INTEGER, moved LIST<STRING>
// allow: NodeByLabelScan
CALL () {
  MATCH (g:Program)
  WHERE g.dirty
  WITH g ORDER BY g.program
  RETURN collect(g.program) AS changing
}
// The order matters: a program that is not marked any more has its new generation already.
CALL (changing) {
  MATCH (g:Program)
  WHERE g.generation IS NOT NULL
  WITH g ORDER BY g.program
  RETURN coalesce(max(g.generation), 0) AS generation,
    collect(CASE WHEN g.generation > $since THEN g.program END) AS moved
}
RETURN changing, generation, moved
