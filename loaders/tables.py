"""Two small tables: reference files that were applied to products, and engineering data over spans of time.

Their columns are those that `jwgraph references` and `jwgraph engineering` print.
"""

from __future__ import annotations

import csv
import math
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass

from jwgraph.model import EngineeringRecord, Record, ReferenceRecord, Reject
from loaders.source import Source
from loaders.text import BadLine, head_lines, lines, name_fault, null, row_reject, show

REFERENCE_COLUMNS = ("productFilename", "keyword", "reference", "context")
ENGINEERING_COLUMNS = ("mnemonic", "t_min", "t_max", "dataURI")
SCHEME = "crds://"


@dataclass(frozen=True, slots=True)
class TableLoader:
    """A loader of a CSV table that is told by its columns; lines that begin with `#` are comments."""

    name: str
    summary: str
    columns: tuple[str, ...]
    record: Callable[[Sequence[str]], Record | None]

    def detect(self, source: Source) -> bool:
        """Tell whether the first line that is no comment has exactly the columns."""
        for line in head_lines(source.head):
            if line.strip() and not line.startswith("#"):
                return tuple(_cells(line) or ()) == self.columns
        return False

    def read(self, source: Source) -> Iterator[Record | Reject]:
        """Yield a record for each row; a row that is none becomes a Reject with its line."""
        begun = False
        for number, line in lines(source):
            if isinstance(line, BadLine):
                yield row_reject(source, number or None, line)
            elif not line.strip() or line.startswith("#"):
                continue
            elif not begun:
                begun = True
            else:
                found = self._row(source, number, line)
                if found is not None:
                    yield found

    def _row(self, source: Source, number: int, line: str) -> Record | Reject | None:
        cells = _cells(line)
        if cells is None:
            reason = "the row is not CSV: an open quote, a stray line end or a huge cell"
            return row_reject(source, number, reason, line)
        if len(cells) != len(self.columns):
            reason = f"the row has {len(cells)} cells where the table has {len(self.columns)} columns"
            return row_reject(source, number, reason, line)
        try:
            return self.record([cell.strip() for cell in cells])
        except ValueError as error:
            return row_reject(source, number, str(error), line)


def _cells(line: str) -> list[str] | None:
    """Return the cells of a line, or None where it is no CSV."""
    try:
        return next(csv.reader([line], strict=True), [])
    except csv.Error:
        return None


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
    _fit(mnemonic, "mnemonic")
    t_min, t_max = _time(start, "t_min"), _time(end, "t_max")
    if t_max < t_min:
        raise ValueError(f"t_max {end} is before t_min {start}")
    if not uri.isprintable():
        raise ValueError(f"the dataURI '{show(uri)}' holds a character that does not print")
    return EngineeringRecord(mnemonic, t_min, t_max, null(uri))


def _time(text: str, column: str) -> float:
    try:
        # Python reads 5_9 as 59; nobody writes a time so.
        value = math.nan if "_" in text else float(text)
    except ValueError:
        value = math.nan
    if not math.isfinite(value):
        raise ValueError(f"{column} {show(text)!r} is no time (MJD)")
    return value


REFERENCES = TableLoader("references", "Reference files applied to products (CSV).", REFERENCE_COLUMNS, _reference)
ENGINEERING = TableLoader(
    "engineering", "Engineering mnemonics over spans of time (CSV).", ENGINEERING_COLUMNS, _engineering
)
