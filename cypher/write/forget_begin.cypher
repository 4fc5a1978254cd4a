// name: write/forget_begin
// summary: Mark a program as being forgotten, with what its sources name besides, until that is done.
// mode: write
// param: program STRING  program number, five digits
// index: program_program, observation_program
// allow: NodeByLabelScan
MATCH (g:Program {program: $program})
CALL (g) {
  UNWIND coalesce(g.forgetting, []) AS name
  RETURN name
  UNION
  MATCH (p:Product)
  WHERE p.program = g.program
  MATCH (p)--(n:Product|Observation|ReferenceFile)
  WHERE n:ReferenceFile OR n.program <> g.program
  RETURN coalesce(n.filename, n.obs_id, n.name) AS name
  UNION
  // What is named in turn: the dataset of a member, the pool of an association in a header.
  MATCH (p:Product)
  WHERE p.program = g.program
  MATCH (p)--(:Product)-[:PART_OF|FROM_POOL]->(n:Product|Observation)
  WHERE n.program <> g.program
  RETURN coalesce(n.filename, n.obs_id) AS name
}
WITH g, collect(DISTINCT name) AS names
SET g.forgetting = names
// The programs of what stands beside its files and Observations are derived again: clearing took derived edges of it too.
WITH g
CALL (g) {
  MATCH (p:Product)
  WHERE p.program = g.program
  MATCH (p)--(n:Product|Observation)
  RETURN n.program AS program
  UNION
  MATCH (:Observation {program: g.program})--(n:Product|Observation)
  RETURN n.program AS program
}
MATCH (h:Program {program: program})
SET h.dirty = true
