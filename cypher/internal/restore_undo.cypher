// name: internal/restore_undo
// summary: Take back a restore that did not come to its end: the store was empty before.
// mode: write
// allow: AllNodesScan
MATCH (n)
WHERE NOT n:Store AND NOT n:SchemaStep
CALL (n) { DETACH DELETE n } IN TRANSACTIONS OF 5000 ROWS
