// name: internal/entities
// summary: Number of nodes and edges of the store, its books included; from the server's own counts.
// returns: nodes INTEGER, edges INTEGER
// allow: CartesianProduct
CALL () {
  MATCH (n)
  RETURN count(n) AS nodes
}
CALL () {
  MATCH ()-[r]->()
  RETURN count(r) AS edges
}
RETURN nodes, edges
