// name: query/export_lineage
// summary: Everything that the own files of one Observation were made of, by the shortest way; each file once.
// param: obs_id STRING  Observation identifier
// returns: productFilename STRING, obs_id STRING, productType STRING, calib_level INTEGER, dataURI STRING, size INTEGER
// returns: mrp BOOLEAN, relation STRING, stage STRING, archived BOOLEAN
// index: observation_obs_id
MATCH (o:Observation {obs_id: $obs_id})<-[:PART_OF]-(start:Product)
WHERE start.archived OR start.expected
MATCH path = (start)-[:COMPOSED_OF*1..]->(p:Product)
WITH p, min(length(path)) AS depth, min(last(relationships(path)).relation) AS relation
RETURN p.filename AS productFilename,
  head(COLLECT { MATCH (p)-[:PART_OF]->(o:Observation) RETURN o.obs_id ORDER BY o.obs_id }) AS obs_id,
  p.productType AS productType, p.calib_level AS calib_level, p.dataURI AS dataURI, p.size AS size,
  EXISTS { (p)-[:PART_OF {mrp: true}]->(o:Observation) WHERE o.listed } AS mrp, relation, p.stage AS stage, p.archived AS archived
ORDER BY depth, productFilename
