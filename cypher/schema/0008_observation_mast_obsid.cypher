// name: schema/0008_observation_mast_obsid
// summary: MAST refers to a parent Observation by its number.
// mode: schema
CREATE INDEX observation_mast_obsid IF NOT EXISTS
FOR (o:Observation) ON (o.mast_obsid)
