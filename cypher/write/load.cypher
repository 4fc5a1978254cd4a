// name: write/load
// summary: Keep the books: one node for each run of the loader.
// mode: write
// param: id STRING  identifier of the run
// param: properties MAP  what was read, and when
// index: load_id
MERGE (l:Load {id: $id})
SET l += $properties
