"""Product lists of MAST, and any other table with a column of file names.

Read here: comma, tab or semicolon separated text (printed astropy tables with a line of data types among it)
and ECSV. `loaders.mast_tables` and `loaders.votable` have the forms that are not one row a line.
"""

from __future__ import annotations

import csv
import re
from collections.abc import Callable, Iterator
from dataclasses import dataclass

from jwgraph.model import ProductRecord, Record, Reject
from loaders import mast_tables, votable
from loaders.mast_rows import LEFT_OUT, RowReader, explained, names_files, wrong_width
from loaders.source import Source
from loaders.text import BadLine, head_lines, lines, row_reject

DELIMITERS = ",\t;"
ECSV_MARK = "# %ECSV"

_DTYPE = re.compile(r"(str|bytes|u?int|float)\d+|bool|object|[<>|]?[USifub]\d+")


class MastProducts:
    """The loader of product lists."""

    name = "mast_products"
    summary = "MAST product lists as CSV, ECSV, VOTable, MAST JSON or printed tables."

    def detect(self, source: Source) -> bool:
        """Tell whether the head has the header of a table of files."""
        return _reader_of(source) is not None

    def read(self, source: Source) -> Iterator[Record | Reject]:
        """Yield a `ProductRecord` for each row, and a Reject for each that is none."""
        read = _reader_of(source)
        if read is None:
            return iter([Reject(source.name, None, "no column holds file names")])
        return read(source)


LOADER = MastProducts()


def _reader_of(source: Source) -> Callable[[Source], Iterator[Record | Reject]] | None:
    head = source.head
    if mast_tables.is_json(head):
        return mast_tables.read_json if mast_tables.json_names_files(head) else None
    if votable.is_votable(head):
        return votable.read_votable
    if mast_tables.has_printed_table(head):
        return mast_tables.read_printed
    header = find_header(head)
    return _read_delimited if header is not None and names_files(header.cells) else None


@dataclass(frozen=True, slots=True)
class Header:
    """The header of a delimited table."""

    line: int
    cells: list[str]
    delimiter: str


def find_header(head: bytes) -> Header | None:
    """Find the header of a delimited table: its first line that is neither blank nor a comment."""
    ecsv = head.startswith(ECSV_MARK.encode())
    comments: list[str] = []
    for number, line in enumerate(head_lines(head), 1):
        if not line.strip() or line.startswith("#"):
            comments.append(line)
            continue
        delimiter = _ecsv_delimiter(comments) if ecsv else max(DELIMITERS, key=line.count)
        cells = split(line, delimiter)
        return Header(number, [cell.strip() for cell in cells], delimiter) if cells else None
    return None


def _ecsv_delimiter(comments: list[str]) -> str:
    """Return the delimiter that the comments of an ECSV file declare; a space where they declare none."""
    declared = any(line.startswith("# delimiter:") and "," in line for line in comments)
    return "," if declared else " "


def split(line: str, delimiter: str) -> list[str] | None:
    """Cut one line into cells; None where a quoted cell does not end on the line.

    One line is one row: a stray quote costs its own row, not the rest of the file.
    """
    if '"' not in line:
        return line.split(delimiter)
    try:
        return next(csv.reader([line], delimiter=delimiter, strict=True))
    except csv.Error:
        return None


def _read_delimited(source: Source) -> Iterator[Record | Reject]:
    header = find_header(source.head)
    assert header is not None, "detected by its header"
    first, delimiter = header.line, header.delimiter
    reader = RowReader(header.cells)
    width, record = reader.width, reader.record
    for number, line in lines(source):
        if isinstance(line, BadLine):
            yield row_reject(source, number or None, line)
            continue
        cells = line.split(delimiter) if '"' not in line else split(line, delimiter)
        if number <= first or not line.strip() or (number == first + 1 and _is_dtypes(cells)):
            continue
        if cells is None or len(cells) != width or (cells[0] == "..." and set(cells) == {"..."}):
            yield _no_row(source, number, line, cells, width)
            continue
        made = record(cells)
        if isinstance(made, ProductRecord):
            yield made
        else:
            yield from explained(source, number, made, line)


def _is_dtypes(cells: list[str] | None) -> bool:
    """Tell whether a line is the one of data types that a printed astropy table has after its header."""
    return bool(cells) and all(_DTYPE.fullmatch(cell) for cell in cells or ())


def _no_row(source: Source, number: int, line: str, cells: list[str] | None, width: int) -> Reject:
    if cells is None:
        return row_reject(source, number, "a quoted cell does not end on its line", line)
    if set(cells) == {"..."}:
        return row_reject(source, number, LEFT_OUT, line, "warning")
    return row_reject(source, number, wrong_width(len(cells), width), line)
