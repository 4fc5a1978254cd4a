// name: query/pool_visits
// summary: For each visit that a pool plans: how many of its exposures have arrived.
// param: program STRING = *  only exposures of this program, five digits; * for every program
// returns: pool STRING, obs_num STRING, visit STRING, planned INTEGER, arrived INTEGER
// allow: NodeByLabelScan
MATCH (pool:Pool)-[plan:PLANS]->(q:Product)
WHERE $program = '*' OR pool.program = $program OR q.program = $program OR plan.program = $program
OPTIONAL MATCH (q)-[:PART_OF]->(e:Observation)
WITH pool.filename AS pool, coalesce(plan.obs_num, '') AS obs_num, coalesce(plan.visit, '') AS visit, q,
  max(CASE WHEN q.archived OR e.archived THEN 1 ELSE 0 END) AS arrived
RETURN pool, obs_num, visit, count(*) AS planned, sum(arrived) AS arrived
ORDER BY pool, obs_num, visit
