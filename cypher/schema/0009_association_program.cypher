// name: schema/0009_association_program
// summary: Associations are read one program at a time.
// mode: schema
CREATE INDEX association_program IF NOT EXISTS
FOR (a:Association) ON (a.program)
