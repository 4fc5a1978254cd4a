"""Small tables of jwgraph's own: reference files of products, engineering data over spans of time, told links.

The columns of the first two are those that `jwgraph references` and `jwgraph engineering` print. Each table is told by
its columns, in any order and with others among them, and comes in all forms of `loaders.table_forms`: CSV and ECSV
above all.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass

from jwgraph.model import (
    MJD_RANGE,
    TOLD_RELATIONS,
    EngineeringRecord,
    LinkRecord,
    Record,
    ReferenceRecord,
    Reject,
)
from loaders.source import Source
from loaders.table_forms import reader_of
from loaders.table_rows import Kind, Odd, finite
from loaders.text import base_name, name_fault, null, show

REFERENCE_COLUMNS = ("productFilename", "keyword", "reference", "context")
ENGINEERING_COLUMNS = ("mnemonic", "t_min", "t_max", "dataURI")
LINK_COLUMNS = ("productFilename", "linked_to", "relation")
SCHEME = "crds://"

# Makes the record of a row of cells in the order of the columns, or None where the row says nothing; ValueError,
# with the sentence for the user, where it is no row.
Make = Callable[[Sequence[str]], Record | None]


class _Rows:
    """Makes records of the rows of one table; see `loaders.table_rows.Reader`."""

    def __init__(self, header: Sequence[str], columns: Sequence[str], make: Make) -> None:
        names = [name.strip() for name in header]
        self.width = len(names)
        self._places = [names.index(column) for column in columns]
        self._make = make

    def record(self, cells: list[str]) -> Record | Odd:
        """Make the record of a row; an odd one without reasons where it says nothing."""
        try:
            return self._make([cells[at].strip(" \t") for at in self._places]) or Odd(None, ())
        except ValueError as error:
            return Odd(None, (str(error),))


@dataclass(slots=True, eq=False)
class TableLoader:
    """A loader of a table that is told by its columns; lines that begin with `#` are comments."""

    name: str
    summary: str
    columns: tuple[str, ...]
    make: Make

    def detect(self, source: Source) -> bool:
        """Tell whether the header has all the columns."""
        return reader_of(source.head, self._kind()) is not None

    def read(self, source: Source) -> Iterator[Record | Reject]:
        """Yield a record for each row; a row that is none becomes a Reject with its line."""
        read = reader_of(source.head, self._kind())
        if read is None:
            return iter([Reject(source.name, None, f"it has not the columns {', '.join(self.columns)}")])
        return read(source)

    def _kind(self) -> Kind:
        return Kind(self.name, self._accepts, lambda header: _Rows(header, self.columns, self.make))

    def _accepts(self, header: Sequence[str]) -> bool:
        return set(self.columns) <= {name.strip() for name in header}


def _fit(text: str, what: str) -> str:
    """Return a name as it is; ValueError where it cannot be kept in the graph."""
    fault = name_fault(text)
    if fault:
        raise ValueError(f"the {what} {show(text)!r} cannot be kept: {fault}")
    return text


def _reference(cells: Sequence[str]) -> ReferenceRecord | None:
    filename, keyword, reference, context = cells
    if null(reference) is None:
        return None
    # With and without the scheme it is the same file, and has to be one node.
    name = reference[len(SCHEME) :] if reference.lower().startswith(SCHEME) else reference
    return ReferenceRecord(
        _fit(filename, "file name"),
        _fit(keyword, "keyword").upper(),
        SCHEME + _fit(name, "reference file"),
        None if null(context) is None else _fit(context, "context"),
    )


def _engineering(cells: Sequence[str]) -> EngineeringRecord:
    mnemonic, start, end, uri = cells
    t_min, t_max = _time(start, "t_min"), _time(end, "t_max")
    if t_max < t_min:
        raise ValueError(f"t_max {end} is before t_min {start}")
    if not uri.isprintable():
        raise ValueError(f"the dataURI '{show(uri)}' holds a character that does not print")
    return EngineeringRecord(_fit(mnemonic, "mnemonic").upper(), t_min, t_max, null(uri))


def _time(text: str, column: str) -> float:
    value = finite(text)
    if value is None or not MJD_RANGE[0] <= value <= MJD_RANGE[1]:
        raise ValueError(f"{column} {show(text)!r} is no time (MJD)")
    return value


def _link(cells: Sequence[str]) -> LinkRecord:
    filename, linked_to = (_file(cell, column) for cell, column in zip(cells, LINK_COLUMNS[:2], strict=False))
    if filename == linked_to:
        raise ValueError(f"{show(filename)!r} is linked to itself")
    return LinkRecord(filename, linked_to, _relation(cells[2]))


def _file(cell: str, column: str) -> str:
    """Return the base name of a path or URI."""
    if null(cell) is None:
        raise ValueError(f"the row has no {column}")
    return _fit(base_name(cell), column)


def _relation(cell: str) -> str:
    """Return a relation as the graph has it: `Pre-image` and `pre image` are pre_image."""
    if null(cell) is None:
        raise ValueError("the row has no relation")
    relation = re.sub(r"[ _-]+", "_", cell.lower())
    if relation not in TOLD_RELATIONS:
        raise ValueError(f"{show(cell)!r} is no relation that a table tells; it tells {', '.join(TOLD_RELATIONS)}")
    return relation


REFERENCES = TableLoader(
    "references", "Reference files applied to products (CSV, ECSV).", REFERENCE_COLUMNS, _reference
)
ENGINEERING = TableLoader(
    "engineering", "Engineering mnemonics over spans of time (CSV, ECSV).", ENGINEERING_COLUMNS, _engineering
)
LINKS = TableLoader(
    "links",
    "Links that no name shows: pre-images, confirmation images, finding charts (CSV, ECSV).",
    LINK_COLUMNS,
    _link,
)
