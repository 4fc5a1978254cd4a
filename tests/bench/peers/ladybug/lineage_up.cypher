MATCH (s:product {filename: $filename})-[e:composed_of* SHORTEST 1..30]->(p:product)
RETURN p.filename, length(e) AS depth, p.obs_id, p.productType, p.calib_level, p.dataURI, p.size,
  coalesce(p.recommended, false), p.productLevel, p.archived AND p.withdrawn IS NULL
ORDER BY depth, p.filename
