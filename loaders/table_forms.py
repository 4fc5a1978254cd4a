"""The forms that a table of MAST comes in, each told by the head of the source."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from functools import partial

from jwgraph.model import Record, Reject
from loaders import mast_tables, votable
from loaders.delimited import find_header, read_delimited
from loaders.source import Source
from loaders.table_rows import Kind

ReadTable = Callable[[Source], Iterator[Record | Reject]]


def reader_of(head: bytes, kind: Kind) -> ReadTable | None:
    """Return what reads a table of a kind in the form that the head shows; None where it is no such table."""
    if mast_tables.is_json(head):
        return partial(mast_tables.read_json, kind=kind) if mast_tables.json_is_of(head, kind) else None
    if votable.is_votable(head):
        return partial(votable.read_votable, kind=kind) if kind.accepts(votable.fields(head)) else None
    if mast_tables.has_printed_table(head, kind):
        return partial(mast_tables.read_printed, kind=kind)
    header = find_header(head)
    return partial(read_delimited, kind=kind) if header is not None and kind.accepts(header.cells) else None
