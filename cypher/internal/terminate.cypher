// name: internal/terminate
// summary: End the transactions that one connection has open.
// param: owner STRING  what the metadata of its transactions name
// returns: number INTEGER
SHOW TRANSACTIONS YIELD transactionId AS id, metaData
WHERE metaData.owner = $owner
TERMINATE TRANSACTIONS id YIELD message
RETURN count(message) AS number
