// name: internal/export_relations
// summary: Files with their owners, inputs, associations and reference files.
// param: filenames LIST<STRING>  file names
// returns: filename STRING, properties MAP, association BOOLEAN, owners LIST<STRING>, made_of LIST<MAP>, made_by LIST<STRING>
// returns: references LIST<MAP>, linked_to LIST<STRING>
// depends: names
// index: product_filename
UNWIND $filenames AS filename
MATCH (p:Product {filename: filename})
RETURN p.filename AS filename, properties(p) AS properties, p:Association AS association,
  COLLECT { MATCH (p)-[:PART_OF]->(o:Observation) RETURN o.obs_id ORDER BY o.obs_id } AS owners,
  COLLECT { MATCH (p)-[e:COMPOSED_OF]->(q:Product)
    RETURN {file: q.filename, relation: e.relation, role: e.role, association: e.asn}
    ORDER BY q.filename, e.relation, e.role, e.asn } AS made_of,
  COLLECT { MATCH (p)<-[r:PRODUCES]-(a:Association)
    WHERE a.superseded_by IS NULL
    WITH a.filename AS name, count(*) AS times
    RETURN name ORDER BY name } AS made_by,
  COLLECT { MATCH (p)-[c:CALIBRATED_WITH]->(f:ReferenceFile)
    WITH f.name AS name, c.keyword AS keyword, max(c.context) AS context
    RETURN {reference: name, keyword: keyword, context: context} ORDER BY name, keyword } AS references,
  COLLECT { MATCH (p)-[l:LINKED_TO]->(q:Product)
    WITH q.filename AS name, count(*) AS times
    RETURN name ORDER BY name } AS linked_to
ORDER BY filename
