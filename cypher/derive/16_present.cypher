// name: derive/16_present
// summary: Mark products withdrawn that no owner has in a list any more; present are the others listed or seen.
// creates: Product.withdrawn, Product.withdrawn_at, Product.present
// mode: write
// param: program STRING  program number
// param: first STRING  first obs_id of the part to derive; null from the beginning
// param: end STRING  first obs_id of the next part; null to the end
// index: observation_program, observation_obs_id
MATCH (o:Observation {program: $program})
WHERE ($first IS NULL OR o.obs_id >= $first) AND ($end IS NULL OR o.obs_id < $end)
CALL (o) {
  MATCH (o)<-[listed:PART_OF]-(p:Product)
  // A product that one owner still has is present, as the writer said.
  WHERE listed.withdrawn OR p.withdrawn OR p.present <> (p.archived OR coalesce(p.seen, false))
  CALL (p) {
    MATCH (p)-[r:PART_OF]->(:Observation)
    WHERE r.mast_lists IS NOT NULL
    UNWIND r.mast_lists AS entry
    WITH substring(entry, 14) AS asked, min(CASE WHEN r.withdrawn THEN 1 ELSE 0 END) AS gone
    MATCH (q:Observation {obs_id: asked})
    RETURN coalesce(min(gone) = 1, false) AS withdrawn, max(q.mast_list_at) AS shown_at
  }
  WITH p, withdrawn, shown_at, NOT withdrawn AND (p.archived OR coalesce(p.seen, false)) AS present
  WHERE withdrawn <> coalesce(p.withdrawn, false) OR present <> p.present
  // Later lists lack the file too: the time of the first one stays.
  SET p.withdrawn = CASE WHEN withdrawn THEN true END,
    p.withdrawn_at = CASE WHEN withdrawn THEN coalesce(p.withdrawn_at, shown_at) END,
    p.present = present
}
