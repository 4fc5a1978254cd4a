// name: write/reference_files
// summary: Reference files that headers name, whether or not those headers hold.
// mode: write
// param: rows LIST<STRING>  names (crds://…), sorted
// index: reference_file_name
UNWIND $rows AS name
MERGE (:ReferenceFile {name: name})
