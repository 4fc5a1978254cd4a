// name: derive/22_candidates
// summary: Mark associations of one type with the same members as duplicates: o before c before a.
// creates: Association.duplicate_of
// mode: write
// param: program STRING  program number
// index: association_program
CALL () {
  MATCH (a:Association {program: $program})
  WHERE a.sha256 IS NOT NULL AND a.superseded_by IS NULL
  MATCH (a)-[m:HAS_MEMBER]->(p:Product)
  WITH a, p.filename + ' ' + m.exptype AS member ORDER BY member
  WITH a, collect(member) AS members
  // An observation (o) comes before a candidate of the proposal (c), and that before a discovered one (a).
  WITH a, members,
    CASE left(coalesce(a.asn_id, ''), 1) WHEN 'o' THEN 0 WHEN 'c' THEN 1 WHEN 'a' THEN 2 ELSE 3 END AS rank
  ORDER BY rank, a.filename
  WITH a.asn_type AS asn_type, members, collect({asn: a, rank: rank}) AS alike
  WITH alike, alike[0] AS first
  UNWIND alike AS each
  WITH each, first WHERE each.rank > first.rank AND each.rank < 3
  WITH each.asn AS a, first.asn AS keeper
  RETURN a, keeper.filename AS duplicate_of
  UNION ALL
  MATCH (a:Association {program: $program})
  WHERE a.duplicate_of IS NOT NULL
  RETURN a, null AS duplicate_of
}
WITH a, max(duplicate_of) AS duplicate_of
WHERE coalesce(a.duplicate_of, '') <> coalesce(duplicate_of, '')
SET a.duplicate_of = duplicate_of
