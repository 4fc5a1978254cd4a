// name: internal/names_like
// summary: Names that begin as the one asked for does, to help with a slip of the pen.
// param: prefix STRING  beginning of a name
// param: limit INTEGER = 5  at most so many
// returns: kind STRING, name STRING
// index: product_filename, observation_obs_id
CALL () {
  MATCH (o:Observation)
  WHERE o.obs_id STARTS WITH $prefix
  RETURN 'Observation' AS kind, o.obs_id AS name
  LIMIT $limit
  UNION ALL
  MATCH (p:Product)
  WHERE p.filename STARTS WITH $prefix
  RETURN 'Product' AS kind, p.filename AS name
  LIMIT $limit
}
RETURN kind, name
