// name: query/path_any
// summary: The shortest path between two files or Observations by any relation; ties go by name.
// param: start STRING  file name or Observation identifier
// param: end STRING  file name or Observation identifier
// returns: steps LIST<MAP>
// depends: names
// index: product_filename, observation_obs_id
// allow: CartesianProduct
CALL () {
  MATCH (a:Product {filename: $start})
  RETURN a
  UNION
  MATCH (a:Observation {obs_id: $start})
  RETURN a
}
CALL () {
  MATCH (b:Product {filename: $end})
  RETURN b
  UNION
  MATCH (b:Observation {obs_id: $end})
  RETURN b
}
WITH a, b
WHERE a <> b
MATCH way = allShortestPaths((a)-[:COMPOSED_OF|LINKED_TO|PRODUCES|HAS_MEMBER|FROM_POOL|PART_OF|INCLUDES*..30]-(b))
WITH [i IN range(0, length(way) - 1) | {
  source: coalesce(nodes(way)[i].filename, nodes(way)[i].obs_id),
  type: type(relationships(way)[i]),
  forward: startNode(relationships(way)[i]) = nodes(way)[i],
  relation: relationships(way)[i].relation,
  role: coalesce(relationships(way)[i].role, relationships(way)[i].exptype),
  target: coalesce(nodes(way)[i + 1].filename, nodes(way)[i + 1].obs_id)
}] AS steps
WITH steps, reduce(text = '', step IN steps | text + step.target + ' ' + step.type + ' ' + coalesce(step.role, '') + ' '
  + coalesce(step.relation, '') + ' ' + toString(step.forward) + ' ') AS order
ORDER BY order
LIMIT 1
RETURN steps
