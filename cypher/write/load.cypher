// name: write/load
// summary: Record one run of the loader as a node.
// mode: write
// param: id STRING  identifier of the run
// param: properties MAP  files read and times
// index: load_id
MERGE (l:Load {id: $id})
SET l += $properties
