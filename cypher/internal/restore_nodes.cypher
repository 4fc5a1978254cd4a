// name: internal/restore_nodes
// summary: Restore nodes with their labels and all their properties from a dump.
// mode: write
// param: rows LIST<MAP>  {labels, properties}, labels sorted and joined by a colon
UNWIND $rows AS row
FOREACH (ignored IN CASE row.labels WHEN 'Product' THEN [1] ELSE [] END | CREATE (n:Product) SET n = row.properties)
FOREACH (ignored IN CASE row.labels WHEN 'Association:Product' THEN [1] ELSE [] END | CREATE (n:Association:Product) SET n = row.properties)
FOREACH (ignored IN CASE row.labels WHEN 'Pool:Product' THEN [1] ELSE [] END | CREATE (n:Pool:Product) SET n = row.properties)
FOREACH (ignored IN CASE row.labels WHEN 'Association:Pool:Product' THEN [1] ELSE [] END | CREATE (n:Association:Pool:Product) SET n = row.properties)
FOREACH (ignored IN CASE row.labels WHEN 'Observation' THEN [1] ELSE [] END | CREATE (n:Observation) SET n = row.properties)
FOREACH (ignored IN CASE row.labels WHEN 'ReferenceFile' THEN [1] ELSE [] END | CREATE (n:ReferenceFile) SET n = row.properties)
FOREACH (ignored IN CASE row.labels WHEN 'EngineeringData' THEN [1] ELSE [] END | CREATE (n:EngineeringData) SET n = row.properties)
FOREACH (ignored IN CASE row.labels WHEN 'Program' THEN [1] ELSE [] END | CREATE (n:Program) SET n = row.properties)
FOREACH (ignored IN CASE row.labels WHEN 'Load' THEN [1] ELSE [] END | CREATE (n:Load) SET n = row.properties)
