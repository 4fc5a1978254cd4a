// name: write/forget_derived
// summary: Remove the edges and properties derived for a program; keep what sources state.
// mode: write
// param: program STRING  program number
// index: observation_program
MATCH (o:Observation {program: $program})
CALL (o) {
  CALL (o) { MATCH (o)-[i:INCLUDES]->() DELETE i }
  CALL (o) { MATCH (o)<-[r:PART_OF {basis: 'association'}]-(p:Product) REMOVE p.obs_id, p.recommended DELETE r }
  CALL (o) { MATCH (o)<-[l:LINKED_TO {basis: 'name'}]-() DELETE l }
  CALL (o) { MATCH (o)<-[:PART_OF]-(:Product)-[e:COMPOSED_OF]->() DELETE e }
  CALL (o) { MATCH (o)<-[:PART_OF]-(:Product)-[l:LINKED_TO {basis: 'name'}]->() DELETE l }
} IN TRANSACTIONS OF 1000 ROWS
