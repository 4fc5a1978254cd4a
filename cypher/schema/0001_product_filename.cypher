// name: schema/0001_product_filename
// summary: A file is one Product, however many sources list it.
// mode: schema
CREATE CONSTRAINT product_filename IF NOT EXISTS
FOR (p:Product) REQUIRE p.filename IS UNIQUE
