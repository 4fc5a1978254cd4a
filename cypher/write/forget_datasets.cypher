// name: write/forget_datasets
// summary: Reduce Observations to what their names say, and to MAST's numbers if a row of MAST still gives them.
// mode: write
// param: rows LIST<MAP>  {obs_id, numbered, properties: {…}}
// index: observation_obs_id
UNWIND $rows AS row
MATCH (o:Observation {obs_id: row.obs_id})
WITH o, row, CASE WHEN row.numbered THEN {mast_obsid: o.mast_obsid, mast_parents: o.mast_parents} ELSE {} END AS numbers
SET o = row.properties
SET o += numbers
