// name: schema/0011_engineering_data_t_min
// summary: Engineering data is found by overlap in time.
// mode: schema
CREATE INDEX engineering_data_t_min IF NOT EXISTS
FOR (e:EngineeringData) ON (e.t_min)
