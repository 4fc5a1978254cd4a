// name: schema/0005_engineering_data_name
// summary: An engineering mnemonic over one span is one node.
// mode: schema
CREATE CONSTRAINT engineering_data_name IF NOT EXISTS
FOR (e:EngineeringData) REQUIRE e.name IS UNIQUE
