"""The version of jwgraph."""

__version__ = "0.1.0"
