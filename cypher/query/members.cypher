// name: query/members
// summary: The members of an association, or of the associations that make a product, in file order.
// param: name STRING  association file, product file, or product name of an association
// param: program STRING = *  program of the product name, five digits; * if unknown
// returns: association STRING, product STRING, expname STRING, exptype STRING, archived BOOLEAN, superseded_by STRING
// returns: known LIST<MAP>
// needs: associations
// depends: names
// index: product_filename
CALL () {
  MATCH (a:Product {filename: $name})
  WHERE a:Association
  RETURN a, null AS only
  UNION
  MATCH (:Product {filename: $name})<-[r:PRODUCES]-(a:Association)
  RETURN a, r.product AS only
  UNION
  MATCH (a:Association {program: $program})
  WHERE $name IN a.products
  RETURN a, $name AS only
  UNION
  MATCH (:Observation {obs_id: $name})<-[:PART_OF]-(:Product)<-[r:PRODUCES {obs_id: $name}]-(a:Association)
  RETURN a, r.product AS only
}
// What is known is looked up once for each association; for one asked for by its own name, no other matters.
WITH a, only,
  COLLECT { MATCH (a)-[:PART_OF]->(o:Observation)
    WHERE a.filename <> $name
    RETURN o {.obs_id, .program, .product_list, .unread, .asn_known, .level3, .mast_calib_level} } AS known
MATCH (a)-[m:HAS_MEMBER]->(p:Product)
WHERE only IS NULL OR m.product = only
WITH a, m, p, known, count(*) AS times
RETURN a.filename AS association, m.product AS product, m.expname AS expname, m.exptype AS exptype,
  p.archived AND p.withdrawn IS NULL AS archived, a.superseded_by AS superseded_by, known
ORDER BY association, m.seq
