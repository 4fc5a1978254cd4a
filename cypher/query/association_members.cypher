// name: query/association_members
// summary: The members of one association file with their roles, to compare two files.
// param: filename STRING  name of an association file
// returns: product STRING, member STRING, exptype STRING
// depends: names
// index: product_filename
MATCH (a:Product {filename: $filename})-[m:HAS_MEMBER]->(p:Product)
RETURN m.product AS product, p.filename AS member, m.exptype AS exptype
ORDER BY m.seq
