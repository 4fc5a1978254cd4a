// name: write/forget_labels
// summary: Remove the labels of files of other programs that nothing uses as association or pool any more.
// mode: write
// param: program STRING  program number, five digits
// index: program_program, product_filename
MATCH (g:Program {program: $program})
UNWIND coalesce(g.forgetting, []) AS name
MATCH (p:Product {filename: name})
FOREACH (q IN CASE WHEN coalesce(p.form, '') <> 'association' AND p.sha256 IS NULL
    AND NOT EXISTS { (p)-[:PRODUCES]->() } THEN [p] ELSE [] END | REMOVE q:Association)
FOREACH (q IN CASE WHEN coalesce(p.form, '') <> 'pool' AND NOT EXISTS { (p)-[:PLANS]->() }
    AND NOT EXISTS { (p)<-[:FROM_POOL]-() } THEN [p] ELSE [] END | REMOVE q:Pool)
