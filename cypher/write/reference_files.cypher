// name: write/reference_files
// summary: Write the reference files that headers name, whether or not those headers are current.
// mode: write
// param: rows LIST<STRING>  names (crds://…), sorted
// index: reference_file_name
UNWIND $rows AS name
MERGE (:ReferenceFile {name: name})
