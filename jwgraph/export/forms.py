"""The formats of an export."""

from __future__ import annotations

from enum import StrEnum

from jwgraph.present import files as tables


class Form(StrEnum):
    """Format of an export."""

    CURL = "curl"
    MANIFEST = "manifest"
    CSV = tables.Format.CSV.value
    ECSV = tables.Format.ECSV.value
    VOTABLE = tables.Format.VOTABLE.value
    JSON = tables.Format.JSON.value
    JSONL = tables.Format.JSONL.value
    DATALINK = "datalink"
    PROV = "prov"
    DOT = "dot"
