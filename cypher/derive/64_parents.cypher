// name: derive/64_parents
// summary: Record the MAST parent numbers that no Observation of this program has.
// creates: Program.mast_parents
// mode: write
// param: program STRING  program number
// index: observation_program, program_program
MATCH (g:Program {program: $program})
CALL (g) {
  MATCH (e:Observation {program: g.program})
  WHERE e.mast_parents IS NOT NULL
  UNWIND e.mast_parents AS number
  WITH g, number, count(*) AS times
  WHERE NOT EXISTS { MATCH (o:Observation {mast_obsid: number}) WHERE o.program = g.program }
  // If another program has such an Observation, the two programs are derived together.
  WITH number ORDER BY number
  RETURN collect(number) AS numbers
}
WITH g, numbers
WHERE coalesce(g.mast_parents, []) <> numbers
SET g.mast_parents = CASE WHEN numbers <> [] THEN numbers END
