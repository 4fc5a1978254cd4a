// name: query/product
// summary: One product: its properties, its Observations, and the associations that name or make it.
// param: filename STRING  file name
// returns: productFilename STRING, properties MAP, part_of LIST<MAP>, member_of LIST<MAP>, produced_by LIST<MAP>
// returns: made_of INTEGER, feeds INTEGER, linked INTEGER
// depends: names
// index: product_filename
MATCH (p:Product {filename: $filename})
RETURN p.filename AS productFilename, properties(p) AS properties,
  COLLECT { MATCH (p)-[r:PART_OF]->(o:Observation)
    RETURN {obs_id: o.obs_id, basis: r.basis, mrp: coalesce(r.mrp, false), mast_mrp: r.mast_mrp,
      listed: coalesce(o.listed, false)}
    ORDER BY o.obs_id } AS part_of,
  COLLECT { MATCH (p)<-[m:HAS_MEMBER]-(a:Association)
    RETURN {association: a.filename, exptype: m.exptype, product: m.product}
    ORDER BY a.filename, m.seq } AS member_of,
  COLLECT { MATCH (p)<-[m:PRODUCES]-(a:Association)
    RETURN {association: a.filename, product: m.product, superseded_by: a.superseded_by}
    ORDER BY a.filename } AS produced_by,
  COUNT { (p)-[:COMPOSED_OF]->() } AS made_of,
  COUNT { (p)<-[:COMPOSED_OF]-() } AS feeds,
  COUNT { (p)-[:LINKED_TO]-() } AS linked
