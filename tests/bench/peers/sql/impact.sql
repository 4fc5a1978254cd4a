WITH RECURSIVE walk(id, depth) AS (
  SELECT c.from_id, 0 FROM reference_file f JOIN calibrated_with c ON c.to_id = f.id WHERE f.name = :reference
  UNION
  SELECT e.from_id, walk.depth + 1 FROM walk JOIN composed_of e ON e.to_id = walk.id
),
made AS (SELECT id, min(depth) AS depth FROM walk GROUP BY id),
owned AS (
  SELECT made.id, made.depth, coalesce(p.recommended, false) AS recommended, o.obs_id, o.calib_level
  FROM made JOIN product p ON p.id = made.id JOIN part_of r ON r.from_id = p.id JOIN observation o ON o.id = r.to_id
  WHERE coalesce(p.form, '') NOT IN ('association', 'pool', 'guide_star', 'msa') AND coalesce(p."productType", '') <> 'PREVIEW'
),
first AS (SELECT id, min(obs_id) AS obs_id FROM owned GROUP BY id)
SELECT p.filename, first.obs_id, p.calib_level, coalesce(p.recommended, false), made.depth
FROM made JOIN product p ON p.id = made.id LEFT JOIN first ON first.id = made.id
UNION ALL
SELECT NULL, obs_id, calib_level, max(CASE WHEN recommended THEN 1 ELSE 0 END) = 1, min(depth)
FROM owned GROUP BY obs_id, calib_level
