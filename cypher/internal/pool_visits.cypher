// name: internal/pool_visits
// summary: For each visit planned by a pool: how many of its exposures have arrived.
// param: pools LIST<STRING>  file names of pools
// returns: pool STRING, visit STRING, planned INTEGER, arrived INTEGER
// depends: names
// index: product_filename
UNWIND $pools AS filename
MATCH (pool:Product {filename: filename})-[plan:PLANS]->(q:Product)
OPTIONAL MATCH (q)-[:PART_OF]->(e:Observation)
// The name of the exposure gives the visit; if it has none, use the columns of the pool.
WITH filename, q, max(coalesce(e.visit_id, plan.obs_num + ' ' + coalesce(plan.visit, ''))) AS visit,
  max(CASE WHEN q.present OR e.present THEN 1 ELSE 0 END) AS arrived
WHERE visit IS NOT NULL
RETURN filename AS pool, visit, count(*) AS planned, sum(arrived) AS arrived
ORDER BY pool, visit
