// name: schema/0006_load_id
// summary: A run of a loader is one node.
// mode: schema
CREATE CONSTRAINT load_id IF NOT EXISTS
FOR (l:Load) REQUIRE l.id IS UNIQUE
