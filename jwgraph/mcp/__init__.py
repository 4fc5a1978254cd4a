"""The answers as tools for clients of language models: `jwgraph mcp`. Needs the extra `mcp`."""
