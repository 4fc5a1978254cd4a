// name: schema/0003_program_program
// summary: A program is one node.
// mode: schema
CREATE CONSTRAINT program_program IF NOT EXISTS
FOR (g:Program) REQUIRE g.program IS UNIQUE
