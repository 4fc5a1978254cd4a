// name: internal/same_reference_files
// summary: Numbers of the rows of `write/reference_files` that would change nothing.
// param: rows LIST<STRING>  names (crds://…)
// returns: same LIST<INTEGER>
// index: reference_file_name
UNWIND range(0, size($rows) - 1) AS number
WITH number, $rows[number] AS name
MATCH (:ReferenceFile {name: name})
RETURN collect(number) AS same
