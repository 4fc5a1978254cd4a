"""Exports: download scripts, DataLink, PROV, Graphviz and notebook pictures."""
