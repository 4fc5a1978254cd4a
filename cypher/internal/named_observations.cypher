// name: internal/named_observations
// summary: The Observations of a program that sources of other programs name.
// param: program STRING  program number, five digits
// returns: obs_id STRING, numbered BOOLEAN
// index: observation_program
MATCH (o:Observation {program: $program})
WITH o, EXISTS { (o)<-[r:PART_OF {basis: 'mast'}]-(p:Product) WHERE p.program <> $program } AS numbered
WHERE numbered OR EXISTS { (o)<-[r:LINKED_TO {basis: 'table'}]-(p:Product) WHERE p.program <> $program }
  OR EXISTS { (o)<-[r:PART_OF {basis: 'name'}]-(p:Product) WHERE p.program <> $program }
RETURN o.obs_id AS obs_id, numbered
ORDER BY obs_id
