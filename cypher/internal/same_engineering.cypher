// name: internal/same_engineering
// summary: Numbers of the rows of `write/engineering` that would change nothing.
// param: rows LIST<MAP>  {name, dataURI, …}
// returns: same LIST<INTEGER>
// index: engineering_data_name
UNWIND range(0, size($rows) - 1) AS number
WITH number, $rows[number] AS row
MATCH (e:EngineeringData {name: row.name})
WHERE NOT coalesce(row.dataURI > coalesce(e.dataURI, ''), false)
RETURN collect(number) AS same
