"""Read tables of links that are not shown by file names."""

from __future__ import annotations

import re
from collections.abc import Sequence

from jwgraph.model.records import LinkRecord
from jwgraph.model.vocabulary import TABLE_RELATIONS
from jwgraph_loaders.small_table import (
    TableLoader,
    fit_name,
)
from jwgraph_loaders.text import base_name, null, quoted

LINK_COLUMNS = ("productFilename", "linked_to", "relation")


def _link(cells: Sequence[str]) -> LinkRecord:
    filename, linked_to = (_file(cell, column) for cell, column in zip(cells, LINK_COLUMNS[:2], strict=False))
    if filename == linked_to:
        raise ValueError(f"{quoted(filename)} is linked to itself")
    return LinkRecord(filename, linked_to, _relation(cells[2]))


def _file(cell: str, column: str) -> str:
    """Return the base name of a path or URI."""
    if null(cell) is None:
        raise ValueError(f"the row has no {column}")
    return fit_name(base_name(cell), column)


def _relation(cell: str) -> str:
    """Return a relation as stored in the graph: `Pre-image` and `pre image` become pre_image."""
    if null(cell) is None:
        raise ValueError("the row has no relation")
    relation = re.sub(r"[ _-]+", "_", cell.lower())
    if relation not in TABLE_RELATIONS:
        raise ValueError(
            f"{quoted(cell)} is not a relation that a table of links may have; it may have {', '.join(TABLE_RELATIONS)}"
        )
    return relation


LINKS = TableLoader(
    "links",
    "Links that no name shows: pre-images, confirmation images, finding charts (CSV, ECSV).",
    LINK_COLUMNS,
    _link,
)
