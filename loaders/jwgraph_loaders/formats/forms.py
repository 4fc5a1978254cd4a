"""Choose the format of a MAST table from the head of the source."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from functools import partial

from jwgraph.model.records import Problem, Record
from jwgraph_loaders.base import Source
from jwgraph_loaders.formats import json_rows, printed, votable
from jwgraph_loaders.formats.delimited import find_header, read_delimited
from jwgraph_loaders.formats.table import Kind

ReadTable = Callable[[Source], Iterator[Record | Problem]]


def reader_of(head: bytes, kind: Kind) -> ReadTable | None:
    """Return the function that reads a table of a kind in the format of the head; None for any other head."""
    if json_rows.is_json(head):
        return partial(json_rows.read_json, kind=kind) if json_rows.json_is_of(head, kind) else None
    if votable.is_votable(head):
        return partial(votable.read_votable, kind=kind) if kind.accepts(votable.fields(head)) else None
    if printed.has_printed_table(head, kind):
        return partial(printed.read_printed, kind=kind)
    header = find_header(head)
    return partial(read_delimited, kind=kind) if header is not None and kind.accepts(header.cells) else None
