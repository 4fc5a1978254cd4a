MATCH (o:observation {obs_id: $obs_id})<-[r:part_of]-(p:product)
WHERE r.mrp
RETURN p.filename, p.productType, coalesce(r.calib_level, p.calib_level, o.calib_level), p.dataURI, p.size,
  p.productLevel, p.archived
ORDER BY p.filename
