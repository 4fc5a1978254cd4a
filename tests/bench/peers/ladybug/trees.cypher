MATCH (o:observation {program: $program, listed: true})<-[r:part_of]-(p:product)
WHERE p.visible AND r.withdrawn IS NULL
RETURN p.productType, coalesce(r.calib_level, p.calib_level, o.calib_level), p.dataURI, p.size, coalesce(r.mrp, false), p.productLevel, p.archived,
  o.obs_id, p.filename, o.obs_id;
MATCH (o:observation {program: $program, listed: true})-[:includes]->(d:observation)<-[r:part_of]-(p:product)
WHERE p.visible AND r.withdrawn IS NULL
RETURN p.productType, coalesce(r.calib_level, p.calib_level), p.dataURI, p.size, false, p.productLevel, p.archived,
  o.obs_id, p.filename, d.obs_id;
MATCH (o:observation {program: $program, listed: true})<-[:linked_to_observation]-(p:product)
WHERE p.visible
RETURN p.productType, p.calib_level, p.dataURI, p.size, false, p.productLevel, p.archived,
  o.obs_id, p.filename, NULL;
MATCH (o:observation {program: $program, listed: true})-[:includes]->(d:observation)<-[:linked_to_observation]-(p:product)
WHERE p.visible
RETURN p.productType, p.calib_level, p.dataURI, p.size, false, p.productLevel, p.archived,
  o.obs_id, p.filename, NULL;
MATCH (o:observation {program: $program, listed: true})<-[:part_of]-(:product)<-[:linked_to_product]-(p:product)
WHERE p.visible
RETURN p.productType, p.calib_level, p.dataURI, p.size, false, p.productLevel, p.archived,
  o.obs_id, p.filename, NULL;
MATCH (o:observation {program: $program, listed: true})-[:includes]->(d:observation)<-[:part_of]-(:product)<-[:linked_to_product]-(p:product)
WHERE p.visible
RETURN p.productType, p.calib_level, p.dataURI, p.size, false, p.productLevel, p.archived,
  o.obs_id, p.filename, NULL
