"""The command line: parse arguments, call `jwgraph.answers`, print."""
