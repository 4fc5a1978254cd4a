// name: internal/number_of_files
// summary: Number of files in the store.
// returns: files INTEGER
MATCH (p:Product)
RETURN count(p) AS files
