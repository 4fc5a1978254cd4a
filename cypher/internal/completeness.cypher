// name: internal/completeness
// summary: Files and bytes of the trees of Observations, and how complete what is loaded of each is.
// param: obs_ids LIST<STRING>  Observation identifiers
// returns: obs_id STRING, files INTEGER, bytes INTEGER, unsized INTEGER, product_list STRING, unread INTEGER, absent INTEGER
// depends: names
// index: observation_obs_id
UNWIND $obs_ids AS obs_id
MATCH (o:Observation {obs_id: obs_id})
CALL (o) {
  // The files of query/size, counted here: their rows would be the cost of the answer.
  CALL (o) {
    MATCH (o)<-[r:PART_OF]-(p:Product)
    WHERE p.present AND r.withdrawn IS NULL
    RETURN p
    UNION
    MATCH (o)-[:INCLUDES]->(:Observation)<-[r:PART_OF]-(p:Product)
    WHERE p.present AND r.withdrawn IS NULL
    RETURN p
    UNION
    MATCH (o)-[:INCLUDES*0..1]->(:Observation)<-[:LINKED_TO]-(p:Product)
    WHERE p.present
    RETURN p
    UNION
    MATCH (o)-[:INCLUDES*0..1]->(:Observation)<-[:PART_OF]-(:Product)<-[:LINKED_TO]-(p:Product)
    WHERE p.present
    RETURN p
  }
  RETURN count(p) AS files, sum(coalesce(p.size, 0)) AS bytes, sum(CASE WHEN p.size IS NULL THEN 1 ELSE 0 END) AS unsized
}
CALL (o) {
  MATCH (o)-[:INCLUDES*0..1]->(d:Observation)<-[r:PART_OF]-(p:Product)
  WHERE p.expected AND NOT p.present AND r.withdrawn IS NULL
  RETURN count(DISTINCT p) AS absent
}
RETURN obs_id, files, bytes, unsized, o.product_list AS product_list, size(coalesce(o.unread, [])) AS unread, absent
ORDER BY obs_id
