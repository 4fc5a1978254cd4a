// name: schema/0001_product_filename
// summary: A file is one Product, whoever lists it and however often.
// mode: schema
CREATE CONSTRAINT product_filename IF NOT EXISTS
FOR (p:Product) REQUIRE p.filename IS UNIQUE
