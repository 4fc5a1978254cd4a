// Empty a store that was made for tests, but for its schema.
MATCH (n)
WHERE NOT n:SchemaStep
CALL (n) { DETACH DELETE n } IN TRANSACTIONS OF 5000 ROWS
