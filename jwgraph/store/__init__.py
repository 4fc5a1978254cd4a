"""The store: connection, named queries, schema, derivation, digest, dump and restore."""
