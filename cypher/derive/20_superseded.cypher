// name: derive/20_superseded
// summary: Mark an association superseded by a later version_id of the same candidate, type and product name.
// creates: Association.superseded_by
// mode: write
// param: program STRING  program number
// index: association_program
MATCH (a:Association {program: $program})
WHERE a.sha256 IS NOT NULL
UNWIND a.products AS product
// The counter in the file name does not order versions, so it is not compared.
WITH a, product, toLower(coalesce(a.version_id, '')) AS version
ORDER BY version DESC, a.filename DESC
WITH a.asn_id AS asn_id, a.asn_type AS asn_type, product, collect({asn: a, version: version}) AS versions
WITH versions, versions[0] AS newest
UNWIND versions AS each
WITH each.asn AS a, collect(CASE WHEN newest.version > each.version THEN newest.asn.filename END) AS later
WHERE size(later) = size(a.products)
UNWIND later AS each
WITH a, max(each) AS superseded_by
SET a.superseded_by = superseded_by
