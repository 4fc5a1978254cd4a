"""Loaders: one module a source, each a pure generator of the records of `jwgraph.model.vocabulary`."""
