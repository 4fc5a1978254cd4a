// name: internal/names_like
// summary: Names with a given prefix, to suggest corrections of a misspelled name.
// param: prefix STRING  prefix of a name
// param: limit INTEGER = 5  maximum number of names
// returns: kind STRING, name STRING
// depends: names
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
