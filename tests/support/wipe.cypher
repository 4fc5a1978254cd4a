// Empty a store that was made for tests, but for its schema, format and write lock.
MATCH (n)
WHERE NOT n:SchemaStep AND NOT (n:Store AND coalesce(n.name, '') <> 'generations')
CALL (n) { DETACH DELETE n } IN TRANSACTIONS OF 5000 ROWS
