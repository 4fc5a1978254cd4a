"""Loaders: one module per type of source, each a pure generator of records of `jwgraph.model.records`."""
