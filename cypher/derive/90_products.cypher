// name: derive/90_products
// summary: Set the Observation that owns each product, and whether a listed Observation recommends it.
// creates: Product.obs_id, Product.recommended
// mode: write
// param: program STRING  program number
// param: first STRING  first obs_id of the part to derive; null from the beginning
// param: end STRING  first obs_id of the next part; null to the end
// index: observation_program
MATCH (o:Observation {program: $program})<-[:PART_OF]-(p:Product)
WHERE ($first IS NULL OR o.obs_id >= $first) AND ($end IS NULL OR o.obs_id < $end)
// A pool has many owners, and is taken once.
WITH DISTINCT p
MATCH (p)-[r:PART_OF]->(owner)
WITH p, coalesce(min(CASE WHEN r.withdrawn IS NULL THEN owner.obs_id END), min(owner.obs_id)) AS obs_id,
  max(CASE WHEN r.mrp AND owner.listed THEN 1 ELSE 0 END) = 1 AS recommended
WHERE p.obs_id IS NULL OR p.obs_id <> obs_id OR coalesce(p.recommended, false) <> recommended
SET p.obs_id = obs_id, p.recommended = CASE WHEN recommended THEN true END
