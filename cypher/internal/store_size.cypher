// name: internal/store_size
// summary: How much a store has: programs, Observations, files and loads.
// returns: programs INTEGER, unfinished LIST<STRING>, forgetting LIST<STRING>, observations INTEGER, listed INTEGER
// returns: files INTEGER, archived INTEGER, bytes INTEGER, associations INTEGER, loads INTEGER, last_load STRING
// depends: store
// allow: NodeByLabelScan, CartesianProduct
CALL () {
  MATCH (g:Program)
  WITH g ORDER BY g.program
  RETURN count(CASE WHEN g.program <> '' THEN 1 END) AS programs,
    collect(CASE WHEN g.dirty THEN g.program END) AS unfinished,
    collect(CASE WHEN g.forgetting IS NOT NULL THEN g.program END) AS forgetting
}
CALL () {
  MATCH (o:Observation)
  RETURN count(o) AS observations, count(CASE WHEN o.listed THEN 1 END) AS listed
}
CALL () {
  MATCH (p:Product)
  RETURN count(p) AS files, count(CASE WHEN p.archived THEN 1 END) AS archived,
    sum(CASE WHEN p.archived THEN p.size END) AS bytes, count(p.sha256) AS associations
}
CALL () {
  MATCH (l:Load)
  RETURN count(l) AS loads, toString(max(l.started)) AS last_load
}
RETURN programs, unfinished, forgetting, observations, listed, files, archived, bytes, associations, loads, last_load
