// name: internal/lock
// summary: Hold the write lock of the store, so that one writer writes at a time; it ends with the transaction.
// mode: write
// param: holder STRING  who holds it, for people to read
// returns: holder STRING
// allow: NodeByLabelScan
MERGE (s:Store {name: 'jwgraph'})
SET s.holder = $holder
RETURN s.holder AS holder
