// name: write/association_clear
// summary: Forget the members and products of association files whose content is about to be replaced; what headers say of them stays.
// mode: write
// param: filenames LIST<STRING>  names of association files
// index: product_filename
UNWIND $filenames AS filename
MATCH (a:Product {filename: filename})-[r:HAS_MEMBER|PRODUCES|FROM_POOL]->(p)
WHERE coalesce(r.basis, '') <> 'header'
DELETE r
// A member that nothing else names is found by no other way; those still named are expected again when edges are derived.
REMOVE p.expected
SET p.visible = CASE WHEN p.archived THEN true END
