// name: internal/own_files
// summary: The files that Observations own and that are present, to select Observations by their files.
// param: all BOOLEAN = false  include datasets that are not listed
// param: program STRING = *  program number, five digits; * for all programs
// returns: obs_id STRING, files LIST<MAP>
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
RETURN o.obs_id AS obs_id, COLLECT {
  MATCH (o)<-[r:PART_OF]-(p:Product)
  WHERE p.present AND r.withdrawn IS NULL
  RETURN {productFilename: p.filename, productType: p.productType, size: p.size, form: p.form, productLevel: p.productLevel,
    calib_level: coalesce(r.calib_level, p.calib_level, o.calib_level), dataURI: p.dataURI, mrp: coalesce(r.mrp, false),
    archived: p.archived}
  ORDER BY p.filename
} AS files
ORDER BY obs_id
