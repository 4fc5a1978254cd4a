// name: internal/ping
// summary: The smallest possible query, to measure a round trip.
// returns: answer INTEGER
RETURN 1 AS answer
