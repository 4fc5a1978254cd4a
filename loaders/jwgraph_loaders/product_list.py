"""Read MAST product lists and other tables with a column of file names."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from functools import partial

from jwgraph.model.records import MAST_COLUMNS, EngineeringRecord, Problem, ProductRecord, Record
from jwgraph.names.grammar import LONGEST
from jwgraph_loaders.base import Source
from jwgraph_loaders.engineering import EDB, is_engineering, record_of_uri, wrong_uri
from jwgraph_loaders.formats.forms import ReadTable, reader_of
from jwgraph_loaders.formats.table import Kind, RowProblem, places
from jwgraph_loaders.formats.votable import is_votable, read_votable
from jwgraph_loaders.text import NULLS, base_name, name_fault, quoted, show

MRP = "Minimum Recommended Products"


COLLECTION = "JWST"


# Alternative column names, in lower case. The MAST name (in any case) always comes first; `filename`, `uri` and
# `dataset` come from MAST's mission search (MastMissions in astroquery).
ALIASES: dict[str, tuple[str, ...]] = {
    "productFilename": ("product_filename", "filename", "file_name"),
    "dataURI": ("data_uri", "uri"),
    "obs_id": ("dataset",),
    "obsID": ("obs_number",),
    "obs_collection": ("collection",),
}


# Column of MAST's keyword services, whose rows are no product list (see `keyword_list`): their `obs_id` is an
# engineering number, their `dataURI` and size belong to another file of the exposure.
KEYWORD_MARK = "filesetname"


# Columns of an association pool, which has a `filename` column too. A pool lists exposures to be associated, not
# archived files.
POOL_MARKS = frozenset({"asn_candidate", "visitgrp", "pntgtype", "obs_num", "exp_type", "targetid"})


_ROW_COLUMNS = ("productFilename", "dataURI", "obs_id", "obsID", "parent_obsid", "calib_level")


INT_MIN, INT_MAX = -(1 << 63), (1 << 63) - 1


class RowReader:
    """Convert the rows of one table to records.

    Parameters
    ----------
    header
        The column names of the table.

    Raises
    ------
    ValueError
        No column contains file names; the message is shown to the user.
    """

    def __init__(self, header: Sequence[str]) -> None:
        where = resolve(header)
        if "productFilename" not in where and "dataURI" not in where:
            raise ValueError(no_name_column(header))
        self.width = len(header)
        # Every index is valid: a missing column points at the empty cell that `record` appends to each row.
        absent = self.width
        self._name, self._uri, self._obs_id, self._obsid, self._parent, self._level = (
            where.get(column, absent) for column in _ROW_COLUMNS
        )
        self._size = where.get("size", absent)
        self._mrp = where.get("productGroupDescription", absent)
        self._has_mrp = self._mrp != absent
        self._collection = where.get("obs_collection", absent)
        self._last_obs_id = ""
        # If the table has no file columns, its records have none either.
        kept = MAST_COLUMNS if any(column in where for column in MAST_COLUMNS) else ()
        self._columns = tuple((column, where.get(column, absent)) for column in kept)

    def record(self, cells: list[str]) -> ProductRecord | EngineeringRecord | RowProblem:
        """Convert a row of `width` cells to a record; modify `cells`."""
        cells.append("")
        collection = cells[self._collection]
        if collection != COLLECTION and (fault := foreign(collection, "product")):
            return RowProblem(None, (fault,))
        if cells[self._uri].startswith(EDB):
            return _engineering(cells[self._uri])
        name = cells[self._name].strip(" \t")
        # Fast path (some hundred thousand rows per second); all other names take the slow path.
        if not (name.isascii() and name.isprintable() and len(name) <= LONGEST) or (
            "/" in name or "\\" in name or name in NULLS or name.endswith((".fit", "."))
        ):
            if is_engineering(name):
                return _engineering(name)
            found = self._find_name(cells)
            if isinstance(found, RowProblem):
                return found
            name = found
        obs_id = cells[self._obs_id].strip(" \t")
        if obs_id in NULLS:
            obs_id = ""
        elif obs_id != self._last_obs_id:
            # The rows of a dataset are adjacent, so its identifier is checked once.
            if fault := name_fault(obs_id):
                return RowProblem(None, (f"its obs_id {quoted(obs_id, 40)} is not fit to be one: {fault}",))
            self._last_obs_id = obs_id
        try:
            return self._build(name, obs_id, cells, _number)
        except ValueError:
            return self._build_leniently(name, obs_id, cells)

    def _build(self, name: str, obs_id: str, cells: list[str], number: Callable[[str], int | None]) -> ProductRecord:
        mast: dict[str, str | int | None] = {
            column: None if (cell := cells[at]) in NULLS else cell for column, at in self._columns
        }
        if mast.get("size") is not None:
            mast["size"] = number(cells[self._size])
        return ProductRecord(
            name,
            obs_id,
            number(cells[self._obsid]) or None,
            number(cells[self._parent]) or None,
            number(cells[self._level]),
            cells[self._mrp] == MRP if self._has_mrp else None,
            mast,
        )

    def _find_name(self, cells: list[str]) -> str | RowProblem:
        """Return the file name, taken from the URI if the name column is empty."""
        for cell in (cells[self._name], cells[self._uri]):
            if cell.strip(" \t") in NULLS:
                continue
            name = base_name(cell)
            if fault := name_fault(name) or truncated(name):
                return RowProblem(None, (f"{quoted(name)} is not a file name that can be kept: {fault}",))
            return name
        return RowProblem(None, ("the row has neither a file name nor a dataURI",))

    def _build_leniently(self, name: str, obs_id: str, cells: list[str]) -> ProductRecord | RowProblem:
        """Convert a row with an invalid number: accept integral floats, drop other values."""
        reasons: list[str] = []

        def number(cell: str) -> int | None:
            try:
                return _number(cell)
            except ValueError:
                if (value := _whole_float(cell)) is None:
                    reasons.append(f"{quoted(cell, 40)} stands where a whole number should; it is left out")
                return value

        record = self._build(name, obs_id, cells, number)
        return RowProblem(record, tuple(reasons)) if reasons else record


def resolve(header: Sequence[str]) -> dict[str, int]:
    """Find the MAST columns in a header: by exact name, then in any case, then by alias."""
    exact, lower = places(header)
    if KEYWORD_MARK in lower:
        return {}
    if len(POOL_MARKS & lower.keys()) > 1 and "productfilename" not in lower:
        return {}
    where: dict[str, int] = {}
    for column in (*_ROW_COLUMNS, *MAST_COLUMNS, "productGroupDescription", "obs_collection"):
        for name in (column.lower(), *ALIASES.get(column, ())):
            at = exact.get(column, lower.get(name))
            if at is not None:
                where[column] = at
                break
    return where


def names_files(header: Sequence[str]) -> bool:
    """Return whether a header belongs to a table of files."""
    where = resolve(header)
    return "productFilename" in where or "dataURI" in where


def truncated(name: str) -> str | None:
    """Return why a truncated name is invalid: all FITS files in the archive end in `.fits`."""
    if name.endswith(".fit"):
        return "the name is cut, JWST files end in .fits"
    if name.endswith("."):
        return "the name is cut, it has no extension"
    return None


def _number(text: str) -> int | None:
    if text in NULLS:
        return None
    value = int(text)
    if INT_MIN <= value <= INT_MAX:
        return value
    raise ValueError(text)


def _whole_float(text: str) -> int | None:
    try:
        value = float(text)
    except ValueError:
        return None
    # Beyond 2**53 a float cannot represent every integer.
    return int(value) if value.is_integer() and abs(value) < 1 << 53 else None


def foreign(collection: str, what: str) -> str | None:
    """Return an error if the row belongs to another mission; a row without a mission counts as JWST."""
    cell = collection.strip()
    if cell in NULLS or cell.upper() == COLLECTION:
        return None
    return f"it is not a JWST {what}: its obs_collection is {quoted(cell, 40)}"


def _engineering(uri: str) -> EngineeringRecord | RowProblem:
    return record_of_uri(uri) or RowProblem(None, (wrong_uri(uri),))


def no_name_column(header: Sequence[str]) -> str:
    """Return the error for a table without a file name column, listing its columns."""
    names = [show(name.strip(), 40) for name in header]
    listed = ", ".join(names[:12]) + (f" and {len(names) - 12} more" if len(names) > 12 else "")
    return f"no column holds file names (productFilename, filename or dataURI); it has {listed}"


PRODUCTS = Kind("files", names_files, RowReader)


class MastProducts:
    """Loader of product lists."""

    name = "mast_products"
    summary = "MAST product lists as CSV, ECSV, VOTable, MAST JSON or printed tables."

    def detect(self, source: Source) -> bool:
        """Return whether the head contains the header of a table of files."""
        return _reader_of(source.head) is not None

    def read(self, source: Source) -> Iterator[Record | Problem]:
        """Yield a `ProductRecord` for each valid row and a Problem for each invalid one."""
        read = _reader_of(source.head)
        if read is None:
            return iter([Problem(source.name, None, "no column holds file names")])
        return read(source)


LOADER = MastProducts()


def _reader_of(head: bytes) -> ReadTable | None:
    # Accept every VOTable that no other loader reads: the VOTable reader gives the best error message.
    return partial(read_votable, kind=PRODUCTS) if is_votable(head) else reader_of(head, PRODUCTS)
