// name: write/forget_end
// summary: Remove programs that nothing names any more, and the mark of the one that is forgotten.
// mode: write
// param: program STRING  program number, five digits
// param: unnamed LIST<STRING>  programs that nothing names any more
// index: program_program
UNWIND [$program] + [each IN $unnamed WHERE each <> $program] AS program
MATCH (g:Program {program: program})
REMOVE g.forgetting
WITH g
WHERE g.program IN $unnamed
DELETE g
