// name: write/association_clear
// summary: Remove members and products of association files whose content is replaced; keep header edges.
// mode: write
// param: rows LIST<STRING>  names of association files
// index: product_filename
UNWIND $rows AS filename
MATCH (a:Product {filename: filename})-[r:HAS_MEMBER|PRODUCES|FROM_POOL]->(p)
WHERE coalesce(r.basis, '') <> 'header'
DELETE r
// Clear `expected` here, since a member that nothing else names is not reached again; derivation restores the others.
REMOVE p.expected
SET p.visible = CASE WHEN p.present THEN true END
