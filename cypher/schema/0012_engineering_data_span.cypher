// name: schema/0012_engineering_data_span
// summary: The longest span of engineering data bounds the search by time.
// mode: schema
CREATE INDEX engineering_data_span IF NOT EXISTS
FOR (e:EngineeringData) ON (e.span)
