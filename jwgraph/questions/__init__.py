"""What can be asked of a store, and the answers as tables: the page and the tools of `jwgraph mcp` share them.

Needs pydantic, which the extras `web` and `mcp` bring.
"""
