// name: query/observations
// summary: The rows of the Portal: Observations that no other one includes; with all, every dataset.
// param: all BOOLEAN = false  include datasets that are not listed
// param: program STRING = *  program number, five digits; * for all programs
// param: limit INTEGER = 1000000  maximum number of rows
// returns: obs_id STRING, calib_level INTEGER, productLevel STRING, state STRING, listed BOOLEAN
// returns: products INTEGER, included INTEGER, program STRING, mast_obsid INTEGER
// depends: program, names
// index: observation_program
// allow: NodeByLabelScan
CALL () {
  UNWIND CASE WHEN $program = '*' THEN [1] ELSE [] END AS every
  MATCH (o:Observation)
  RETURN o
  UNION ALL
  MATCH (o:Observation {program: $program})
  RETURN o
}
WITH o
WHERE $all OR o.listed
WITH o ORDER BY o.obs_id LIMIT $limit
RETURN o.obs_id AS obs_id, o.calib_level AS calib_level, o.productLevel AS productLevel,
  o.state AS state,
  coalesce(o.listed, false) AS listed,
  COUNT { (o)<-[r:PART_OF]-(p:Product) WHERE p.present AND r.withdrawn IS NULL } AS products,
  COUNT { (o)-[:INCLUDES]->() } AS included,
  o.program AS program, o.mast_obsid AS mast_obsid
ORDER BY obs_id
