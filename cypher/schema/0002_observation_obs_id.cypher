// name: schema/0002_observation_obs_id
// summary: A dataset is one Observation.
// mode: schema
CREATE CONSTRAINT observation_obs_id IF NOT EXISTS
FOR (o:Observation) REQUIRE o.obs_id IS UNIQUE
