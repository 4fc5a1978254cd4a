WITH RECURSIVE walk(id, depth) AS (
  SELECT id, 0 FROM product WHERE filename = :filename
  UNION
  SELECT e.to_id, walk.depth + 1 FROM walk JOIN composed_of e ON e.from_id = walk.id
),
made AS (SELECT id, min(depth) AS depth FROM walk GROUP BY id)
SELECT p.filename, made.depth, p.obs_id, p."productType", p.calib_level, p."dataURI", p.size,
  coalesce(p.recommended, false), p."productLevel", p.archived AND p.withdrawn IS NULL
FROM made JOIN product p ON p.id = made.id
WHERE made.depth > 0
ORDER BY made.depth, p.filename
