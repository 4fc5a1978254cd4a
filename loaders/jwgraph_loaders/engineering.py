"""Read JWST engineering data: tables of mnemonics, MAST URIs and downloaded files.

The URI of a file is `mast:jwstedb/<mnemonic>-<start>-<end>.csv`, with UTC times to the second, as requested by the
pipeline (`jwst.lib.engdb_mast`) and MAST's download script. Its columns are `theTime,MJD,euvalue,sqldataType`.
"""

from __future__ import annotations

import math
import re
from collections.abc import Iterator, Sequence
from datetime import UTC, datetime

from jwgraph.model.records import MJD_RANGE, EngineeringRecord, Problem, Record
from jwgraph_loaders.base import Source
from jwgraph_loaders.formats.delimited import Header, find_header, split
from jwgraph_loaders.formats.table import finite
from jwgraph_loaders.mjd import mjd
from jwgraph_loaders.small_table import (
    TableLoader,
    fit_name,
)
from jwgraph_loaders.text import BadLine, base_name, lines, null, quoted, row_problem

ENGINEERING_COLUMNS = ("mnemonic", "t_min", "t_max", "dataURI")


def _engineering(cells: Sequence[str]) -> EngineeringRecord:
    mnemonic, start, end, uri = cells
    t_min, t_max = _mjd_of_cell(start, "t_min"), _mjd_of_cell(end, "t_max")
    if t_max < t_min:
        raise ValueError(f"t_max {end} is before t_min {start}")
    if not uri.isprintable():
        raise ValueError(f"the dataURI {quoted(uri)} holds a character that does not print")
    return EngineeringRecord(fit_name(mnemonic, "mnemonic").upper(), t_min, t_max, null(uri))


def _mjd_of_cell(text: str, column: str) -> float:
    value = finite(text)
    if value is None or not MJD_RANGE[0] <= value <= MJD_RANGE[1]:
        raise ValueError(f"{column} {quoted(text)} is no time (MJD)")
    return value


ENGINEERING = TableLoader(
    "engineering", "Engineering mnemonics over spans of time (CSV, ECSV).", ENGINEERING_COLUMNS, _engineering
)


EDB = "mast:jwstedb/"


COLUMNS = frozenset({"theTime", "MJD", "euvalue"})


_NAME = re.compile(r"(?P<mnemonic>\w{1,255})-(?P<start>\d{8}T\d{6})-(?P<end>\d{8}T\d{6})\.csv", re.ASCII)


_MNEMONIC = re.compile(r"\w{1,255}", re.ASCII)


def is_engineering(text: str) -> bool:
    """Return whether a text is a MAST URI of engineering data, or a download link ending in one."""
    return EDB in text.lower()


def record_of_uri(text: str) -> EngineeringRecord | None:
    """Return the mnemonic and time span in a URI, download link or file name; None if it has another form.

    A span that ends before it starts also gives None. The URI, if present, is stored as `dataURI`.
    """
    text = text.strip(" \t")
    at = text.lower().find(EDB)
    name = base_name(text) if at < 0 else text[at + len(EDB) :]
    match = _NAME.fullmatch(name)
    if match is None:
        return None
    try:
        t_min, t_max = _mjd(match["start"]), _mjd(match["end"])
    except ValueError:
        return None
    # MAST treats mnemonics as case-insensitive and returns them in upper case.
    mnemonic = match["mnemonic"].upper()
    return EngineeringRecord(mnemonic, t_min, t_max, None if at < 0 else EDB + name) if t_min <= t_max else None


def wrong_uri(text: str) -> str:
    """Return the error for a malformed URI of engineering data."""
    wanted = "mnemonic-yyyymmddThhmmss-yyyymmddThhmmss.csv, the end not before the start"
    return f"{quoted(base_name(text))} is no name of engineering data: it should be {wanted}"


def _mjd(stamp: str) -> float:
    """Return the MJD (UTC) of `yyyymmddThhmmss`."""
    return mjd(datetime.strptime(stamp, "%Y%m%dT%H%M%S").replace(tzinfo=UTC))


class EngineeringFiles:
    """Loader of downloaded engineering data files: the mnemonic and the time span of each."""

    name = "engineering_files"
    summary = "Engineering data of MAST, as downloaded (CSV)."

    def detect(self, source: Source) -> bool:
        """Return whether the head has the columns of engineering data."""
        return _header(source) is not None

    def read(self, source: Source) -> Iterator[Record | Problem]:
        """Yield one `EngineeringRecord` with the time span from the file name, else from the rows.

        The file name is more accurate: MAST includes the rows just before and after the requested span. The values are
        not loaded.
        """
        named = record_of_uri(EDB + source.filename)
        header = _header(source)
        if named is not None:
            yield named
        elif header is None:
            yield Problem(source.name, None, "no columns theTime, MJD and euvalue are in it")
        else:
            yield from _by_rows(source, header)


LOADER = EngineeringFiles()


def _header(source: Source) -> Header | None:
    header = find_header(source.head)
    return header if header is not None and COLUMNS.issubset(header.cells) else None


def _by_rows(source: Source, header: Header) -> Iterator[Record | Problem]:
    mnemonic = source.filename.partition(".")[0]
    if not _MNEMONIC.fullmatch(mnemonic):
        yield Problem(source.name, None, f"its name {quoted(source.filename)} has no mnemonic")
        return
    at = header.cells.index("MJD")
    t_min, t_max = math.inf, -math.inf
    for number, line in lines(source):
        if 0 < number <= header.line or not line.strip():
            continue
        time = line if isinstance(line, BadLine) else _time(split(line, header.delimiter), at)
        if isinstance(time, str):
            yield row_problem(source, number or None, time, "" if time is line else line, "warning")
        else:
            t_min, t_max = min(t_min, time), max(t_max, time)
    if t_min <= t_max:
        yield EngineeringRecord(mnemonic.upper(), t_min, t_max)
    else:
        yield Problem(source.name, None, "no row of it has a time (MJD)")


def _time(cells: list[str] | None, at: int) -> float | str:
    """Return the time of a row (MJD), or the reason why it is missing."""
    if cells is None:
        return "a quoted cell does not end on its line"
    cell = cells[at].strip() if at < len(cells) else ""
    value = finite(cell)
    return f"its MJD {quoted(cell, 40)} is no time" if value is None else value
