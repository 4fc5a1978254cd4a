// name: internal/writers
// summary: What the write lock of the store is held for, and what waits for it.
// returns: purposes LIST<STRING>
SHOW TRANSACTIONS YIELD metaData
WHERE metaData.jwgraph IS NOT NULL
RETURN collect(DISTINCT metaData.jwgraph) AS purposes
