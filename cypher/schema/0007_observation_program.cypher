// name: schema/0007_observation_program
// summary: Edges are derived one program at a time.
// mode: schema
CREATE INDEX observation_program IF NOT EXISTS
FOR (o:Observation) ON (o.program)
