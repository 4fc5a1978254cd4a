"""The notebook interface: `jwgraph.connect()` and the objects it returns."""
