SELECT p.filename, p."productType", coalesce(r.calib_level, p.calib_level, o.calib_level), p."dataURI", p.size,
  p."productLevel", p.archived
FROM observation o JOIN part_of r ON r.to_id = o.id JOIN product p ON p.id = r.from_id
WHERE o.obs_id = :obs_id AND r.mrp
ORDER BY p.filename
