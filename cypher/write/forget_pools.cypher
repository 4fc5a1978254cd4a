// name: write/forget_pools
// summary: Remove the edges from associations to pools that no header states any more.
// mode: write
// allow: NodeByLabelScan
MATCH (a:Association)-[r:FROM_POOL {basis: 'header'}]->(pool:Product)
WHERE NOT EXISTS { MATCH (a)-[:PRODUCES {basis: 'header'}]->(p:Product) WHERE p.asnpool = pool.filename }
DELETE r
