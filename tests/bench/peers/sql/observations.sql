SELECT o.obs_id, o.calib_level, o."productLevel", o.state, o.listed,
  (SELECT count(*) FROM part_of r JOIN product p ON p.id = r.from_id
    WHERE r.to_id = o.id AND p.present AND r.withdrawn IS NULL),
  (SELECT count(*) FROM includes i WHERE i.from_id = o.id), o.mast_obsid
FROM observation o
WHERE o.program = :program AND o.listed
ORDER BY o.obs_id
