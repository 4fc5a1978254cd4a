// name: internal/loads_running
// summary: How many loads hold the write lock of the store, or wait for it.
// returns: number INTEGER
SHOW TRANSACTIONS YIELD metaData
WHERE metaData.jwgraph = 'load'
RETURN count(*) AS number
