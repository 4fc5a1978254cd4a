// name: internal/edge_counts
// summary: Number of edges of each type that is derived, from the counts that the store keeps.
// returns: type STRING, number INTEGER
CALL () {
  MATCH ()-[r:PART_OF]->() RETURN 'PART_OF' AS type, count(r) AS number
  UNION ALL
  MATCH ()-[r:INCLUDES]->() RETURN 'INCLUDES' AS type, count(r) AS number
  UNION ALL
  MATCH ()-[r:PRODUCES]->() RETURN 'PRODUCES' AS type, count(r) AS number
  UNION ALL
  MATCH ()-[r:COMPOSED_OF]->() RETURN 'COMPOSED_OF' AS type, count(r) AS number
  UNION ALL
  MATCH ()-[r:LINKED_TO]->() RETURN 'LINKED_TO' AS type, count(r) AS number
}
RETURN type, number
ORDER BY type
