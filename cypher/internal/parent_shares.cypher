// name: internal/parent_shares
// summary: Pair programs whose Observations MAST lists under a parent of another program.
// mode: write
// index: observation_program, observation_mast_obsid, program_program
// allow: NodeByLabelScan, CartesianProduct
CALL () {
  MATCH (g:Program)
  WHERE g.dirty
  // One program at a time: else the newest planner may read the index of all Observations.
  CALL (g) {
    MATCH (e:Observation {program: g.program})
    USING INDEX e:Observation(program)
    WHERE e.mast_parents IS NOT NULL
    UNWIND e.mast_parents AS number
    RETURN number
  }
  RETURN g.program AS program, number
  UNION
  MATCH (g:Program)
  WHERE g.mast_parents IS NOT NULL
  UNWIND g.mast_parents AS number
  RETURN g.program AS program, number
}
MATCH (o:Observation {mast_obsid: number})
WHERE o.program <> program
WITH program, o.program AS other, count(*) AS times
MATCH (a:Program {program: program})
MATCH (b:Program {program: other})
MERGE (a)-[:SHARES_WITH]->(b)
