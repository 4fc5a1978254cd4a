WITH roots AS (
  SELECT id, obs_id, calib_level FROM observation WHERE program = :program AND listed
),
owners AS (
  SELECT obs_id AS root, id, obs_id, calib_level, true AS own FROM roots
  UNION ALL
  SELECT o.obs_id, d.id, d.obs_id, d.calib_level, false
  FROM roots o JOIN includes i ON i.from_id = o.id JOIN observation d ON d.id = i.to_id
),
owned AS (
  SELECT d.root, r.from_id AS product, d.obs_id, d.own, d.own AND coalesce(r.mrp, false) AS mrp,
    r.calib_level AS row_level, d.calib_level AS owner_level
  FROM owners d JOIN part_of r ON r.to_id = d.id
  WHERE r.withdrawn IS NULL
),
files AS (
  SELECT root, product, obs_id, own, mrp, row_level, CASE WHEN own THEN owner_level END AS owner_level, 0 AS linked
  FROM owned
  UNION ALL
  SELECT d.root, l.from_id, d.obs_id, d.own, false, NULL, NULL, 1
  FROM owners d JOIN linked_to_observation l ON l.to_id = d.id
  UNION ALL
  SELECT d.root, l.from_id, d.obs_id, d.own, false, NULL, NULL, 1
  FROM owned d JOIN linked_to_product l ON l.to_id = d.product
),
ranked AS (
  SELECT files.*, row_number() OVER (PARTITION BY root, product ORDER BY linked, own DESC, obs_id) AS place FROM files
)
SELECT f.root, p.filename, CASE WHEN f.linked = 0 THEN f.obs_id END, p."productType",
  coalesce(f.row_level, p.calib_level, f.owner_level), p."dataURI", p.size, f.mrp, p."productLevel", p.archived
FROM ranked f JOIN product p ON p.id = f.product
WHERE f.place = 1 AND p.visible
