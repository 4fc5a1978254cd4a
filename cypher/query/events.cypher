// name: query/events
// summary: First load of each program, then files new, reprocessed, public, withdrawn or superseded.
// param: since INTEGER  milliseconds since 1970
// param: program STRING = *  program number, five digits; * for all programs
// returns: at INTEGER, event STRING, productFilename STRING, obs_id STRING, detail STRING
// depends: program, names
// index: product_filename
// allow: NodeByLabelScan
CALL () {
  UNWIND CASE WHEN $program = '*' THEN [1] ELSE [] END AS every
  MATCH (p:Product)
  RETURN p
  UNION ALL
  // A file's program is the one in its name.
  MATCH (p:Product)
  WHERE p.filename STARTS WITH 'jw' + $program AND p.program = $program
  RETURN p
}
WITH p
WHERE p.new_at IS NOT NULL
WITH p.program AS program, min(p.new_at) AS first, collect(CASE
  WHEN p.new_at >= $since OR p.reprocessed_at >= $since OR p.public_at >= $since OR p.withdrawn_at >= $since
    OR p.superseded_by IS NOT NULL THEN p END) AS files
CALL (program, first, files) {
  WITH size([p IN files WHERE p.new_at = first]) AS number
  WHERE first >= $since
  RETURN first AS at, 'first load' AS event, null AS productFilename, null AS obs_id,
    toString(number) + CASE number WHEN 1 THEN ' file' ELSE ' files' END
    + CASE program WHEN '' THEN ' without a program' ELSE ' of program ' + program END AS detail
  UNION ALL
  UNWIND files AS p
  OPTIONAL MATCH (later:Product {filename: p.superseded_by})
  // A version is superseded when the later of the two is known.
  WITH p, CASE WHEN later.new_at > p.new_at THEN later.new_at ELSE p.new_at END AS known_at
  UNWIND [
    [CASE WHEN p.new_at > first THEN p.new_at END, 'new', null],
    [p.reprocessed_at, 'reprocessed', p.reprocessed],
    [p.public_at, 'public', null],
    [p.withdrawn_at, 'withdrawn', null],
    [CASE WHEN p.superseded_by IS NOT NULL AND known_at > first THEN known_at END, 'superseded', p.superseded_by]
  ] AS event
  WITH p, event
  WHERE event[0] >= $since
  RETURN event[0] AS at, event[1] AS event, p.filename AS productFilename, p.obs_id AS obs_id, event[2] AS detail
}
RETURN at, event, productFilename, obs_id, detail
ORDER BY at, productFilename, event, detail
