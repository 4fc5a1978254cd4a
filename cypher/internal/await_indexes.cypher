// name: internal/await_indexes
// summary: Wait until new indexes are online.
// allow: ProcedureCall
CALL db.awaitIndexes(300)
