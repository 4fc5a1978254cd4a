// name: write/engineering
// summary: Write engineering mnemonics over spans of time; no edge leads to them.
// mode: write
// param: rows LIST<MAP>  {name, mnemonic, t_min, t_max, dataURI}
// index: engineering_data_name
UNWIND $rows AS row
MERGE (e:EngineeringData {name: row.name})
ON CREATE SET e.mnemonic = row.mnemonic, e.t_min = row.t_min, e.t_max = row.t_max,
  e.span = row.t_max - row.t_min
FOREACH (ignored IN CASE WHEN row.dataURI > coalesce(e.dataURI, '') THEN [1] ELSE [] END |
  SET e.dataURI = row.dataURI)
