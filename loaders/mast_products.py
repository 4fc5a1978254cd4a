"""Product lists of MAST, and any other table with a column of file names.

`loaders.table_forms` has the forms they come in, `loaders.mast_rows` what becomes of their rows.
"""

from __future__ import annotations

from collections.abc import Iterator
from functools import partial

from jwgraph.model import Record, Reject
from loaders.mast_rows import PRODUCTS
from loaders.source import Source
from loaders.table_forms import ReadTable, reader_of
from loaders.votable import is_votable, read_votable


class MastProducts:
    """The loader of product lists."""

    name = "mast_products"
    summary = "MAST product lists as CSV, ECSV, VOTable, MAST JSON or printed tables."

    def detect(self, source: Source) -> bool:
        """Tell whether the head has the header of a table of files."""
        return _reader_of(source.head) is not None

    def read(self, source: Source) -> Iterator[Record | Reject]:
        """Yield a `ProductRecord` for each row, and a Reject for each that is none."""
        read = _reader_of(source.head)
        if read is None:
            return iter([Reject(source.name, None, "no column holds file names")])
        return read(source)


LOADER = MastProducts()


def _reader_of(head: bytes) -> ReadTable | None:
    # Every VOTable that nothing else reads is taken: its reader says best what is wrong with it.
    return partial(read_votable, kind=PRODUCTS) if is_votable(head) else reader_of(head, PRODUCTS)
