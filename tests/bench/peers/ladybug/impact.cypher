MATCH (:reference_file {name: $reference})<-[:calibrated_with]-(p:product)
RETURN p.filename, 0, p.calib_level, coalesce(p.recommended, false);
MATCH (:reference_file {name: $reference})<-[:calibrated_with]-(s:product)<-[e:composed_of* SHORTEST 1..30]-(p:product)
RETURN p.filename, min(length(e)), p.calib_level, coalesce(p.recommended, false);
MATCH (:reference_file {name: $reference})<-[:calibrated_with]-(p:product)-[:part_of]->(o:observation)
WHERE NOT (coalesce(p.form, '') IN ['association', 'pool', 'guide_star', 'msa'] OR coalesce(p.productType, '') = 'PREVIEW')
RETURN DISTINCT p.filename, o.obs_id, o.calib_level;
MATCH (:reference_file {name: $reference})<-[:calibrated_with]-(s:product)<-[e:composed_of* SHORTEST 1..30]-(p:product)
WITH DISTINCT p
MATCH (p)-[:part_of]->(o:observation)
WHERE NOT (coalesce(p.form, '') IN ['association', 'pool', 'guide_star', 'msa'] OR coalesce(p.productType, '') = 'PREVIEW')
RETURN DISTINCT p.filename, o.obs_id, o.calib_level
