// name: schema/0004_reference_file_name
// summary: A CRDS reference file is one node.
// mode: schema
CREATE CONSTRAINT reference_file_name IF NOT EXISTS
FOR (f:ReferenceFile) REQUIRE f.name IS UNIQUE
