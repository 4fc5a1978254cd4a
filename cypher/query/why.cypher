// name: query/why
// summary: The facts that explain the level of Observations, their listing and their recommended files.
// param: obs_ids LIST<STRING>  Observation identifiers
// returns: obs_id STRING, form STRING, program STRING, state STRING, productLevel STRING, calib_level INTEGER, level3 BOOLEAN, listed BOOLEAN
// returns: mast_calib_level INTEGER, visit_id STRING, included_in LIST<MAP>, made_by LIST<MAP>, member_of LIST<MAP>, files LIST<MAP>, plans LIST<MAP>
// returns: unread LIST<STRING>, known LIST<MAP>
// needs: associations
// depends: names
// index: observation_obs_id
UNWIND $obs_ids AS name
MATCH (o:Observation {obs_id: name})
RETURN o.obs_id AS obs_id, o.form AS form, o.program AS program,
  o.state AS state,
  o.productLevel AS productLevel, o.calib_level AS calib_level, coalesce(o.level3, false) AS level3, coalesce(o.listed, false) AS listed,
  o.mast_calib_level AS mast_calib_level, o.visit_id AS visit_id,
  COLLECT { MATCH (q:Observation)-[i:INCLUDES]->(o)
    RETURN {obs_id: q.obs_id, basis: i.basis, roles: i.roles, present: q.present} ORDER BY q.obs_id } AS included_in,
  COLLECT { MATCH (o)<-[:PART_OF]-(:Product)<-[r:PRODUCES {obs_id: o.obs_id}]-(a:Association)
    WITH a, count(*) AS times
    RETURN {association: a.filename, asn_type: a.asn_type, superseded_by: a.superseded_by} ORDER BY a.filename } AS made_by,
  COLLECT { MATCH (o)<-[:PART_OF]-(:Product)<-[m:HAS_MEMBER]-(a:Association)
    WITH a, m.exptype AS exptype, m.product AS product, count(*) AS times
    RETURN {association: a.filename, asn_type: a.asn_type, exptype: exptype, product: product, superseded_by: a.superseded_by}
    ORDER BY a.filename, product, exptype } AS member_of,
  COLLECT { MATCH (o)<-[r:PART_OF]-(p:Product)
    RETURN {filename: p.filename, productType: p.productType, productLevel: p.productLevel, present: p.present AND r.withdrawn IS NULL,
      expected: coalesce(p.expected, false), calib_level: coalesce(r.calib_level, p.calib_level), basis: r.basis,
      mrp: coalesce(r.mrp, false), mrp_rule: r.mrp_rule, mast_mrp: r.mast_mrp, exp_type: p.exp_type, category: p.category}
    ORDER BY p.filename } AS files,
  COLLECT { MATCH (o)<-[:PART_OF]-(:Product)<-[plan:PLANS]-(pool:Pool)
    RETURN {pool: pool.filename, exp_type: plan.exp_type, exposerr: plan.exposerr, asn_candidate: plan.asn_candidate,
      template: plan.template}
    ORDER BY pool.filename } AS plans,
  coalesce(o.unread, []) AS unread,
  COLLECT { MATCH (o)<-[:INCLUDES*0..1]-(q:Observation)
    RETURN q {.obs_id, .program, .product_list, .unread, .asn_known, .level3, .mast_calib_level} } AS known
