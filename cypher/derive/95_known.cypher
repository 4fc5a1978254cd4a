// name: derive/95_known
// summary: Set what is known of each Observation: product list, content of associations and pools, headers.
// creates: Observation.product_list, Observation.unread, Observation.unread_pools, Observation.asn_known, Observation.headers
// mode: write
// param: program STRING  program number
// param: first STRING  first obs_id of the part to derive; null from the beginning
// param: end STRING  first obs_id of the next part; null to the end
// index: observation_program
MATCH (o:Observation {program: $program})
WHERE ($first IS NULL OR o.obs_id >= $first) AND ($end IS NULL OR o.obs_id < $end)
CALL (o) {
  OPTIONAL MATCH (o)<-[r:PART_OF]-(p:Product)
  WHERE r.withdrawn IS NULL
  WITH o, r, p ORDER BY p.filename
  WITH o, max(CASE WHEN r.basis = 'mast' THEN 1 ELSE 0 END) = 1 AS row,
    collect(CASE WHEN p:Association AND p.present AND p.sha256 IS NULL AND p.superseded_by IS NULL THEN p.filename END) AS unread,
    collect(CASE WHEN p:Pool AND p.present AND p.loaded IS NULL THEN p.filename END) AS unread_pools,
    count(CASE WHEN p.header_rank IS NOT NULL THEN 1 END) AS headers,
    max(CASE WHEN EXISTS {
      (p)<-[made:PRODUCES {obs_id: o.obs_id}]-(a:Association)
      WHERE made.basis <> 'header' AND a.sha256 IS NOT NULL AND a.superseded_by IS NULL
    } THEN 1 ELSE 0 END) = 1 AS asn_known
  WITH o, unread, unread_pools, headers, asn_known, CASE
    WHEN o.mast_list_at IS NOT NULL
      OR EXISTS { (q:Observation)-[i:INCLUDES]->(o) WHERE 'mast' IN i.basis AND q.mast_list_at IS NOT NULL } THEN 'complete'
    WHEN row OR EXISTS { (o)-[i:INCLUDES]->(:Observation) WHERE 'mast' IN i.basis } THEN 'rows' END AS product_list
  WHERE o.headers IS NULL OR [o.headers, coalesce(o.product_list, ''), coalesce(o.unread, []), coalesce(o.unread_pools, []), coalesce(o.asn_known, false)]
    <> [headers, coalesce(product_list, ''), unread, unread_pools, asn_known]
  SET o.product_list = product_list,
    o.unread = CASE WHEN unread <> [] THEN unread END, o.unread_pools = CASE WHEN unread_pools <> [] THEN unread_pools END,
    o.asn_known = CASE WHEN asn_known THEN true END, o.headers = headers
}
