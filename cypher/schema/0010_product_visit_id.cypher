// name: schema/0010_product_visit_id
// summary: Guide-star and MSA files are linked by visit; only they have the property.
// mode: schema
CREATE INDEX product_visit_id IF NOT EXISTS
FOR (p:Product) ON (p.visit_id)
