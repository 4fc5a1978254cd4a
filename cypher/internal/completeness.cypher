// name: internal/completeness
// summary: How complete what is loaded of Observations is: product list, unread associations, expected files.
// param: obs_ids LIST<STRING>  Observation identifiers
// returns: obs_id STRING, product_list STRING, unread INTEGER, absent INTEGER
// index: observation_obs_id
UNWIND $obs_ids AS obs_id
MATCH (o:Observation {obs_id: obs_id})
CALL (o) {
  MATCH (o)-[:INCLUDES*0..1]->(d:Observation)<-[r:PART_OF]-(p:Product)
  WHERE p.expected AND NOT p.present AND r.withdrawn IS NULL
  RETURN count(DISTINCT p) AS absent
}
RETURN obs_id, o.product_list AS product_list, size(coalesce(o.unread, [])) AS unread, absent
ORDER BY obs_id
