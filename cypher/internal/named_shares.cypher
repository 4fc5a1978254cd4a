// name: internal/named_shares
// summary: Pairs of programs, one of them given, that sources of the other one make.
// param: program STRING  program number, five digits
// returns: a STRING, b STRING
// index: observation_program, observation_obs_id
// allow: NodeByLabelScan
CALL () {
  MATCH (p:Product)
  WHERE p.program = $program
  MATCH (p)<-[r:HAS_MEMBER|PRODUCES]-(a:Association)
  WHERE a.program <> $program AND coalesce(r.basis, 'association') = 'association'
  RETURN a.program AS a, $program AS b
  UNION
  MATCH (a:Product)
  WHERE a.program = $program
  MATCH (a)-[:PRODUCES {basis: 'header'}]->(p:Product)
  WHERE p.program <> $program
  RETURN $program AS a, p.program AS b
  UNION
  MATCH (o:Observation {program: $program})<-[:PART_OF {basis: 'mast'}]-(p:Product)
  WHERE p.program <> $program
  RETURN $program AS a, p.program AS b
  UNION
  // A row of a complete list pairs the program of the Observation asked for with those of the file and its owner.
  MATCH (p:Product)-[r:PART_OF]->(o:Observation)
  WHERE p.program <> $program AND r.mast_lists IS NOT NULL
  UNWIND r.mast_lists AS entry
  MATCH (q:Observation {obs_id: substring(entry, 14)})
  UNWIND [o.program, p.program] AS other
  WITH q.program AS a, other AS b
  WHERE a <> b AND (a = $program OR b = $program)
  RETURN a, b
  UNION
  MATCH (a:Association)
  WHERE a.program <> $program AND any(pattern IN a.template_patterns WHERE substring(pattern, 2, 5) = $program)
  RETURN a.program AS a, $program AS b
}
RETURN DISTINCT a, b
ORDER BY a, b
