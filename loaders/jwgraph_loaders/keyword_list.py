"""Rows of MAST's keyword services (`Mast.Jwst.Filtered.Nircam` and those of the other instruments).

A row holds the keywords of the most calibrated file of an exposure and detector: what its primary header says, but for
the reference files. Files of other levels have no rows.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from re import ASCII
from re import compile as pattern

from jwgraph.model.records import HEADER_CARDS, HeaderRecord, Problem, Record
from jwgraph.names.grammar import base, parse
from jwgraph_loaders.base import Source
from jwgraph_loaders.fits_headers import header_record
from jwgraph_loaders.formats.forms import reader_of
from jwgraph_loaders.formats.table import Kind, RowProblem, finite, resolve_columns
from jwgraph_loaders.product_list import KEYWORD_MARK, foreign, truncated
from jwgraph_loaders.text import null, quoted

_TEXTS = ("telescop", "program", "asntable", "asnpool", "msametfl", *(card.lower() for card in HEADER_CARDS))
_TIMES = ("expstart", "expend")
_NAMES = ("filename", "dataURI", "productLevel")
COLUMNS = (*_NAMES, *_TEXTS, *_TIMES)
"""Columns that are used."""

_DATE = pattern(r"/Date\((-?\d{1,15})\)/", ASCII)
_EPOCH = datetime(1970, 1, 1, tzinfo=UTC)

# Only for the problems of a header, which the row replaces by its own position.
_ROW = Source.from_bytes("row", b"")


class KeywordReader:
    """Convert rows of keywords to records; see `jwgraph_loaders.formats.table.Reader`."""

    def __init__(self, header: Sequence[str]) -> None:
        self.width = len(header)
        self._where = resolve_columns(header, (*COLUMNS, "obs_collection"))

    def record(self, cells: list[str]) -> HeaderRecord | RowProblem:
        """Convert a row of `width` cells to a record."""
        row = {column: text for column, at in self._where.items() if (text := null(cells[at].strip())) is not None}
        if fault := foreign(row.get("obs_collection", ""), "product"):
            return RowProblem(None, (fault,))
        filename = _filename(row)
        if isinstance(filename, RowProblem):
            return filename
        found = header_record(_ROW, filename, _cards(row))
        reasons = tuple(each.reason for each in found if isinstance(each, Problem))
        made = next((replace(each, seen=False) for each in found if isinstance(each, HeaderRecord)), None)
        return made if made is not None and not reasons else RowProblem(made, reasons)


def _filename(row: dict[str, str]) -> str | RowProblem:
    """Return the file that the row describes.

    Names in rows of spectra are cut (`…_rate.fit`), and then the file may be another one of the exposure: the level
    says which.
    """
    name = base(row.get("filename", ""))
    fault = truncated(name)
    if name and fault is None:
        return name
    for candidate in (f"{name}s", base(row.get("dataURI", ""))):
        if (found := parse(candidate)).recognised and found.product_level == row.get("productLevel"):
            return candidate
    return RowProblem(None, (f"{quoted(name)} is not a file name that can be kept: {fault or 'it is empty'}",))


def _cards(row: dict[str, str]) -> dict[str, object]:
    cards: dict[str, object] = {column.upper(): row[column] for column in _TEXTS if column in row}
    if "." in row.get("filter", ""):
        # Tables of other tools have their own name of the filter (NC.F200W) in the column.
        del cards["FILTER"]
    if (match := _DATE.fullmatch(row.get("date", ""))) is not None:
        cards["DATE"] = _iso(int(match[1]))
    for column in _TIMES:
        if column in row:
            value = finite(row[column])
            cards[column.upper()] = row[column] if value is None else value
    return cards


def _iso(milliseconds: int) -> str:
    """Return a time as in the card DATE; MAST's services write milliseconds since 1970."""
    try:
        when = _EPOCH + timedelta(milliseconds=milliseconds)
    except OverflowError:
        return ""
    return when.replace(tzinfo=None).isoformat(timespec="milliseconds")


def names_keywords(header: Sequence[str]) -> bool:
    """Return whether a header belongs to a table of keywords."""
    names = {name.strip().lower() for name in header}
    return {KEYWORD_MARK, "filename"} <= names


KEYWORDS = Kind("keywords", names_keywords, KeywordReader)


class MastKeywords:
    """Loader of keyword tables."""

    name = "mast_keywords"
    summary = "MAST's keywords of exposures as CSV, ECSV, VOTable, MAST JSON or printed tables."

    def detect(self, source: Source) -> bool:
        """Return whether the head contains the header of a table of keywords."""
        return reader_of(source.head, KEYWORDS) is not None

    def read(self, source: Source) -> Iterator[Record | Problem]:
        """Yield a `HeaderRecord` for each valid row and a Problem for each invalid one."""
        read = reader_of(source.head, KEYWORDS)
        if read is None:
            return iter([Problem(source.name, None, "no table of keywords is in it")])
        return read(source)


LOADER = MastKeywords()
