"""The formats of an export."""

from __future__ import annotations

from collections.abc import Sequence
from enum import StrEnum
from typing import TYPE_CHECKING

from jwgraph.present import files as tables

if TYPE_CHECKING:
    from jwgraph.answers.notes import Note
    from jwgraph.answers.products import ProductRow


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


def text_of(form: Form, rows: Sequence[ProductRow], notes: Sequence[Note]) -> str:
    """Return files as text, in a format that has one row for each."""
    # The command line reads the formats, and imports nothing heavy before it has to.
    from jwgraph.answers.products import ProductRow

    return tables.text(rows, ProductRow, tables.Format(form), notes)
