"""jwgraph: how JWST archive files belong together."""

__version__ = "0.1.0"
