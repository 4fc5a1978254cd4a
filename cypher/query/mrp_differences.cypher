// name: query/mrp_differences
// summary: Files where MAST's Minimum Recommended Products flag differs from jwgraph's.
// param: program STRING = *  program number, five digits; * for all programs
// returns: productFilename STRING, obs_id STRING, mrp BOOLEAN, mast_mrp BOOLEAN
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
MATCH (o)<-[r:PART_OF]-(p:Product)
WHERE r.mast_mrp IS NOT NULL AND r.mast_mrp <> coalesce(r.mrp, false)
RETURN p.filename AS productFilename, o.obs_id AS obs_id, coalesce(r.mrp, false) AS mrp, r.mast_mrp AS mast_mrp
ORDER BY obs_id, productFilename
