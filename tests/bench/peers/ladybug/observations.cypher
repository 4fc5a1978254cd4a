MATCH (o:observation {program: $program, listed: true})
RETURN o.obs_id, o.calib_level, o.productLevel, o.state, o.listed,
  COUNT { MATCH (o)<-[r:part_of]-(p:product) WHERE p.present AND r.withdrawn IS NULL },
  COUNT { MATCH (o)-[:includes]->(:observation) }, o.mast_obsid
ORDER BY o.obs_id
