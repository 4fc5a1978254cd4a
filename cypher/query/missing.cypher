// name: query/missing
// summary: Products expected from current associations, whether present, and the state of each member.
// param: program STRING = *  program number, five digits; * for all programs
// param: obs_ids LIST<STRING> = *  only products of these Observations, or made from their files; * for all
// param: all BOOLEAN = false  include products that are present
// returns: product STRING, obs_id STRING, association STRING, productLevel STRING, present BOOLEAN, archived BOOLEAN
// returns: degraded_status STRING, members LIST<MAP>, known LIST<MAP>
// needs: promises
// depends: program, names
// allow: NodeByLabelScan, CartesianProduct
CALL () {
  CALL () {
    UNWIND CASE WHEN $program = '*' AND $obs_ids = ['*'] THEN [1] ELSE [] END AS every
    MATCH (o:Observation)
    RETURN o
    UNION ALL
    MATCH (o:Observation {program: $program})
    WHERE $obs_ids = ['*']
    RETURN o
    UNION ALL
    UNWIND $obs_ids AS name
    MATCH (o:Observation {obs_id: name})
    RETURN o
  }
  UNWIND o.unread AS file
  WITH collect(DISTINCT o.program) AS programs, min(file) AS unread, count(DISTINCT file) AS unread_number
  RETURN [{program: CASE size(programs) WHEN 1 THEN head(programs) ELSE '*' END, unread: unread,
    unread_number: unread_number}] AS known
}
CALL () {
  UNWIND CASE WHEN $program = '*' AND $obs_ids = ['*'] THEN [1] ELSE [] END AS every
  MATCH (a:Association)
  RETURN a
  UNION
  MATCH (a:Association {program: $program})
  WHERE $obs_ids = ['*']
  RETURN a
  UNION
  UNWIND $obs_ids AS name
  MATCH (:Observation {obs_id: name})<-[:PART_OF]-(:Product)<-[:PRODUCES|HAS_MEMBER]-(a:Association)
  RETURN a
}
WITH a, known
WHERE a.sha256 IS NOT NULL AND a.superseded_by IS NULL
UNWIND a.products AS product
CALL (a, product) {
  OPTIONAL MATCH (a)-[r:PRODUCES {product: product}]->(p:Product)
  WHERE r.basis <> 'header'
  WITH r, p ORDER BY r.obs_id
  RETURN head(collect(CASE WHEN r.basis = 'association' THEN r.obs_id END)) AS obs_id,
    head(collect(r.productLevel)) AS productLevel,
    coalesce(max(CASE WHEN p.present THEN 1 ELSE 0 END), 0) = 1 AS present,
    coalesce(max(CASE WHEN p.present AND p.archived THEN 1 ELSE 0 END), 0) = 1 AS archived,
    coalesce(max(CASE WHEN p.withdrawn THEN 1 ELSE 0 END), 0) = 1 AS withdrawn
}
OPTIONAL MATCH (o:Observation {obs_id: obs_id})
WITH a, known, product, obs_id,
  coalesce(productLevel, CASE WHEN a.asn_type ENDS WITH '3' THEN '3' ELSE '2b' END) AS productLevel,
  present, archived,
  // MAST's search gives a level of the Observation, and does not say that a withdrawn product is there.
  NOT withdrawn AND coalesce(o.mast_calib_level, 0) >= CASE coalesce(productLevel, right(a.asn_type, 1)) WHEN '3' THEN 3 ELSE 2 END AS searched
WITH a, known, product, obs_id, productLevel, present OR searched AS present, archived OR searched AS archived
WHERE ($all OR NOT present) AND (present OR a.duplicate_of IS NULL)
CALL (a, product) {
  MATCH (a)-[m:HAS_MEMBER {product: product}]->(p:Product)
  OPTIONAL MATCH (p)-[:PART_OF]->(e:Observation)
  WITH m, p, e ORDER BY e.obs_id
  WITH m, p, head(collect(e)) AS e
  CALL (e) {
    OPTIONAL MATCH (e)<-[:PART_OF]-(q:Product)
    OPTIONAL MATCH (q)<-[plan:PLANS]-(pool:Pool)
    WITH e, q, plan, pool ORDER BY pool.filename
    RETURN [each IN collect({
        pool: pool.filename,
        visit: coalesce(e.visit_id, plan.obs_num + ' ' + coalesce(plan.visit, ''))
      }) WHERE each.pool IS NOT NULL] AS plans,
      max(coalesce(q.exp_type, plan.exp_type)) AS exp_type,
      max(plan.exposerr) AS plan_exposerr, max(q.category) AS category, max(plan.template) AS template
  }
  WITH m, p, e, plans, exp_type, plan_exposerr, category, template ORDER BY m.seq
  RETURN collect({
    filename: p.filename, exptype: m.exptype, exposerr: coalesce(m.exposerr, plan_exposerr), present: p.present,
    obs_id: e.obs_id, executed: coalesce(e.present, false), plans: plans, exp_type: exp_type,
    category: coalesce(category, e.proposal_type), intent: e.intentType, template: template, visit_id: e.visit_id,
    program: coalesce(e.program, p.program)
  }) AS members
}
WITH a, known, product, obs_id, productLevel, present, archived, members
WHERE $obs_ids = ['*'] OR obs_id IN $obs_ids OR any(m IN members WHERE m.obs_id IN $obs_ids)
RETURN product, obs_id, a.filename AS association, productLevel, present, archived,
  a.degraded_status AS degraded_status, members, known
ORDER BY product, association
