// name: internal/lock
// summary: Take the write lock of the store, one writer at a time; the end of the transaction releases it.
// mode: write
// param: holder STRING  name of the owner, for display
// returns: holder STRING
// allow: NodeByLabelScan
MERGE (s:Store {name: 'jwgraph'})
SET s.holder = $holder
RETURN s.holder AS holder
