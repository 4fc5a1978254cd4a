"""Exports: what is chosen of Observations (`selection`), written for other programs (one module a form)."""

from __future__ import annotations

from enum import StrEnum


class What(StrEnum):
    """Which files of an Observation: those recommended, all, its own, what is linked, or what it was made of."""

    MRP = "mrp"
    TREE = "tree"
    OWN = "own"
    LINKED = "linked"
    LINEAGE = "lineage"
