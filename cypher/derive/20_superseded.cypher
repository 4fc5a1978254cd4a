// name: derive/20_superseded
// summary: Mark an association superseded by a later version_id of the same candidate, type and product name.
// creates: Association.superseded_by
// mode: write
// param: program STRING  program number
// index: association_program
CALL () {
  MATCH (a:Association {program: $program})
  WHERE a.templates <> []
  UNWIND range(0, size(a.templates) - 1) AS i
  RETURN collect(DISTINCT {
    asn_id: coalesce(a.asn_id, ''), asn_type: coalesce(a.asn_type, ''), name: a.templates[i], pattern: a.template_patterns[i]
  }) AS templates
}
CALL (templates) {
  MATCH (a:Association {program: $program})
  // A part is a product of the association, and its lines are the names under which other versions have it too.
  CALL (a, templates) {
    WITH a WHERE a.sha256 IS NOT NULL
    UNWIND a.products AS part
    OPTIONAL MATCH (a)-[made:PRODUCES {product: part, basis: 'association'}]->(:Product)
    WITH part, min(made.obs_id) AS obs_id
    RETURN part, coalesce(obs_id, part) AS line
    UNION
    // If the content is not loaded, its products are the Observations that own it by MAST's list, or by their headers.
    WITH a, [t IN templates WHERE t.asn_id = coalesce(a.asn_id, '') AND t.asn_type = coalesce(a.asn_type, '')] AS alike
    WHERE a.sha256 IS NULL
    WITH alike, COLLECT {
      MATCH (a)-[r:PART_OF {basis: 'mast'}]->(o:Observation)
      WHERE r.withdrawn IS NULL OR a.withdrawn
      RETURN o.obs_id AS part
      UNION
      // Stage 3 makes files of exposures too (crf): their Observations are not its products.
      MATCH (a)-[made:PRODUCES {basis: 'header'}]->(:Product)
      WHERE made.productLevel = '3' OR NOT coalesce(a.asn_type, '') ENDS WITH '3'
      RETURN made.obs_id AS part
    } AS parts
    UNWIND parts AS part
    UNWIND [part] + [t IN alike WHERE part =~ t.pattern | t.name] AS line
    RETURN part, line
  }
  // The counter in the file name does not order versions, so it is not compared.
  WITH a, part, line, toLower(coalesce(a.version_id, '')) AS version
  WITH a.asn_id AS asn_id, a.asn_type AS asn_type, line, collect({asn: a, part: part, version: version}) AS versions,
    // One that only a header names, or that was withdrawn, may be superseded, and supersedes none.
    max(CASE WHEN a.sha256 IS NOT NULL OR a.present THEN [version, a.filename] END) AS newest
  UNWIND versions AS each
  WITH each.asn AS a, each.part AS part, each.version AS version, max(newest) AS newest
  WITH a, count(*) AS parts, collect(CASE WHEN newest[0] > version THEN newest[1] END) AS later
  WHERE size(later) = parts
  UNWIND later AS each
  WITH a, max(each) AS superseded_by
  RETURN a, superseded_by
  UNION ALL
  MATCH (a:Association {program: $program})
  WHERE a.superseded_by IS NOT NULL
  RETURN a, null AS superseded_by
}
WITH a, max(superseded_by) AS superseded_by
WHERE coalesce(a.superseded_by, '') <> coalesce(superseded_by, '')
SET a.superseded_by = superseded_by
