// Empty a store that was made for tests, but for its schema and format.
MATCH (n)
WHERE NOT n:SchemaStep AND NOT n:Store
CALL (n) { DETACH DELETE n } IN TRANSACTIONS OF 5000 ROWS
