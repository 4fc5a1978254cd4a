// name: derive/96_known_programs
// summary: Set how many associations, headers and product lists of a program are loaded.
// creates: Program.associations, Program.headers, Program.lists
// mode: write
// param: program STRING  program number
// index: program_program, association_program, observation_program
MATCH (g:Program {program: $program})
CALL (g) {
  MATCH (a:Association {program: g.program})
  RETURN count(a.sha256) AS associations
}
CALL (g) {
  MATCH (o:Observation {program: g.program})
  RETURN sum(o.headers) AS headers, count(o.product_list) AS lists
}
WITH g, associations, headers, lists
WHERE g.associations IS NULL OR [g.associations, g.headers, g.lists] <> [associations, headers, lists]
SET g.associations = associations, g.headers = headers, g.lists = lists
