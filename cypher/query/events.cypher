// name: query/events
// summary: Files that became new, reprocessed or public since a time; the last event of each kind per file.
// param: since INTEGER  milliseconds since 1970
// param: program STRING = *  program number, five digits; * for all programs
// returns: at INTEGER, event STRING, productFilename STRING, obs_id STRING, detail STRING
// allow: NodeByLabelScan
MATCH (p:Product)
WHERE (p.new_at >= $since OR p.reprocessed_at >= $since OR p.public_at >= $since)
  AND ($program = '*' OR p.program = $program)
UNWIND [[p.new_at, 'new', null], [p.reprocessed_at, 'reprocessed', p.reprocessed], [p.public_at, 'public', null]] AS event
WITH p, event
WHERE event[0] >= $since
RETURN event[0] AS at, event[1] AS event, p.filename AS productFilename,
  p.obs_id AS obs_id,
  event[2] AS detail
ORDER BY at, productFilename, event
