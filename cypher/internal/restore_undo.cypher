// name: internal/restore_undo
// summary: Remove what an incomplete restore wrote; the store was empty before.
// mode: write
// allow: AllNodesScan
MATCH (n)
WHERE NOT n:Store AND NOT n:SchemaStep
CALL (n) { DETACH DELETE n } IN TRANSACTIONS OF 5000 ROWS
