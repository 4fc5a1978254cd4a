// name: internal/ping
// summary: The smallest question there is; what a round trip costs.
// returns: answer INTEGER
RETURN 1 AS answer
