// name: derive/40_antecedents
// summary: Link each product to the nearest earlier file of its dataset: L2b to L2a to L1b.
// creates: COMPOSED_OF
// mode: write
// param: program STRING  program number
// param: made_from MAP  'form/suffix' to the suffixes of its inputs, nearest first
// index: observation_program
MATCH (o:Observation {program: $program})
CALL (o) {
  MATCH (o)<-[:PART_OF]-(p:Product)
  WHERE p.visible AND coalesce(p.productType, '') <> 'PREVIEW' AND p.suffix IS NOT NULL
  WITH p ORDER BY p.filename
  WITH collect(p) AS files
  UNWIND files AS p
  WITH p, files, $made_from[p.form + '/' + p.suffix] AS before
  WHERE before IS NOT NULL
  WITH p, head([q IN reduce(found = [], suffix IN before |
    CASE WHEN found <> [] THEN found
         ELSE [q IN files WHERE q.suffix = suffix AND q.form = p.form] END) | q]) AS q
  WHERE q IS NOT NULL
  // The edge may exist already, made for another owner of both files.
  MERGE (p)-[:COMPOSED_OF {relation: 'antecedent', role: 'science'}]->(q)
} IN TRANSACTIONS OF 1000 ROWS
