"""Read tables with one row per line: text separated by commas, tabs or semicolons, and ECSV.

Printed astropy tables saved as CSV have a line of data types after their header.
"""

from __future__ import annotations

import csv
import re
from collections.abc import Iterator
from dataclasses import dataclass

from jwgraph.model.records import Problem, Record
from jwgraph_loaders.base import Source
from jwgraph_loaders.formats.table import LEFT_OUT, Kind, RowProblem, explained, wrong_width
from jwgraph_loaders.text import BadLine, head_lines, lines, row_problem

DELIMITERS = ",\t;"
ECSV_MARK = "# %ECSV"

_DTYPE = re.compile(r"(str|bytes|u?int|float)\d+|bool|object|[<>|]?[USifub]\d+")


@dataclass(frozen=True, slots=True)
class Header:
    """Header of a delimited table."""

    line: int
    cells: list[str]
    delimiter: str


def find_header(head: bytes) -> Header | None:
    """Find the header of a delimited table: the first line that is neither blank nor a comment."""
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
    """Return the delimiter declared in the comments of an ECSV file; a space by default."""
    declared = any(line.startswith("# delimiter:") and "," in line for line in comments)
    return "," if declared else " "


def split(line: str, delimiter: str) -> list[str] | None:
    """Split a line into cells; return None if a quoted cell does not end on the line.

    Each line is one row, so a stray quote invalidates only its own row, not the rest of the file.
    """
    if '"' not in line:
        return line.split(delimiter)
    try:
        return next(csv.reader([line], delimiter=delimiter, strict=True))
    except csv.Error:
        return None


def read_delimited(source: Source, kind: Kind) -> Iterator[Record | Problem]:
    """Yield the records and problems of the rows, line by line."""
    header = find_header(source.head)
    assert header is not None, "detected by its header"
    first, delimiter = header.line, header.delimiter
    reader = kind.reader(header.cells)
    width, record = reader.width, reader.record
    for number, line in lines(source):
        if isinstance(line, BadLine):
            yield row_problem(source, number or None, line)
            continue
        cells = line.split(delimiter) if '"' not in line else split(line, delimiter)
        if number <= first or not line.strip() or line[0] == "#" or (number == first + 1 and _is_dtypes(cells)):
            continue
        if cells is None or len(cells) != width or (cells[0] == "..." and set(cells) == {"..."}):
            yield _no_row(source, number, line, cells, width)
            continue
        made = record(cells)
        if isinstance(made, RowProblem):
            yield from explained(source, number, made, line)
        else:
            yield made


def _is_dtypes(cells: list[str] | None) -> bool:
    """Return whether a line is the line of data types after the header of a printed astropy table."""
    return bool(cells) and all(_DTYPE.fullmatch(cell) for cell in cells or ())


def _no_row(source: Source, number: int, line: str, cells: list[str] | None, width: int) -> Problem:
    if cells is None:
        return row_problem(source, number, "a quoted cell does not end on its line", line)
    if set(cells) == {"..."}:
        return row_problem(source, number, LEFT_OUT, line, "warning")
    return row_problem(source, number, wrong_width(len(cells), width), line)
