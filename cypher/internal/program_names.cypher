// name: internal/program_names
// summary: The programs of the store, those that are being forgotten marked.
// returns: program STRING, forgetting BOOLEAN
// allow: NodeByLabelScan
MATCH (g:Program)
RETURN g.program AS program, g.forgetting IS NOT NULL AS forgetting
ORDER BY program
