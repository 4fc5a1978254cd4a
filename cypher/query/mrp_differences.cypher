// name: query/mrp_differences
// summary: Files where MAST's Minimum Recommended Products flag differs from jwgraph's.
// param: program STRING = *  program number, five digits; * for all programs
// returns: productFilename STRING, obs_id STRING, mrp BOOLEAN, mast_mrp BOOLEAN
// depends: program, names
// allow: NodeByLabelScan
MATCH (o:Observation)<-[r:PART_OF]-(p:Product)
WHERE ($program = '*' OR o.program = $program)
  AND r.mast_mrp IS NOT NULL AND r.mast_mrp <> coalesce(r.mrp, false)
RETURN p.filename AS productFilename, o.obs_id AS obs_id, coalesce(r.mrp, false) AS mrp, r.mast_mrp AS mast_mrp
ORDER BY obs_id, productFilename
