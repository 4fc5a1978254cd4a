// name: internal/changed_since
// summary: How many files of some programs are new, reprocessed or public since a time, and which ones.
// param: programs LIST<STRING>  program numbers, five digits
// param: since INTEGER  milliseconds since 1970
// param: names BOOLEAN  whether to return the files
// returns: change STRING, number INTEGER, files LIST<MAP>
// depends: program, names
// index: observation_program
UNWIND $programs AS program
MATCH (o:Observation {program: program})<-[:PART_OF]-(p:Product)
WHERE p.new_at >= $since OR p.reprocessed_at >= $since OR p.public_at >= $since
WITH p, count(*) AS owners
UNWIND [
  {change: 'new', at: p.new_at, detail: ''},
  {change: 'reprocessed', at: p.reprocessed_at, detail: p.reprocessed},
  {change: 'made public', at: p.public_at, detail: ''}] AS each
WITH p, each
WHERE each.at >= $since
WITH each.change AS change, p.filename AS filename, each.detail AS detail
ORDER BY filename
RETURN change, count(*) AS number,
  collect(CASE WHEN $names THEN {change: change, productFilename: filename, detail: detail} END) AS files
ORDER BY change
