"""Product lists of MAST, and other tables with a column of file names."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from functools import partial

from jwgraph.model.records import MAST_COLUMNS, EngineeringRecord, ProductRecord, Record, Reject
from jwgraph.names.grammar import LONGEST
from jwgraph_loaders.base import Source
from jwgraph_loaders.engineering import EDB, is_engineering, record_of_uri, wrong_uri
from jwgraph_loaders.formats.forms import ReadTable, reader_of
from jwgraph_loaders.formats.table import Kind, Odd, places
from jwgraph_loaders.formats.votable import is_votable, read_votable
from jwgraph_loaders.text import NULLS, base_name, name_fault, quoted, show

MRP = "Minimum Recommended Products"


COLLECTION = "JWST"


# What a column is called elsewhere, in lower case. MAST's own name (in any case) always comes first;
# `filename`, `uri` and `dataset` are those of MAST's mission search (astroquery's MastMissions).
ALIASES: dict[str, tuple[str, ...]] = {
    "productFilename": ("product_filename", "filename", "file_name"),
    "dataURI": ("data_uri", "uri"),
    "obs_id": ("dataset",),
    "obsID": ("obs_number",),
    "obs_collection": ("collection",),
}


# A keyword row (MAST's instrument keyword search, told by its `fileSetName`) says that a file is there and no
# more: the file set is an exposure of all detectors, which is no dataset; `obs_id` is an engineering number;
# `dataURI` and the size are those of another file of the exposure. Only these columns count there.
KEYWORD_COLUMNS = {"productFilename": "filename", "obs_collection": "obs_collection"}


# An association pool has a `filename` column too. It lists exposures to make associations of, and is no list
# of what the archive has.
POOL_MARKS = frozenset({"asn_candidate", "visitgrp", "pntgtype", "obs_num", "exp_type", "targetid"})


_ROW_COLUMNS = ("productFilename", "dataURI", "obs_id", "obsID", "parent_obsid", "calib_level")


INT_MIN, INT_MAX = -(1 << 63), (1 << 63) - 1


class RowReader:
    """Makes records of the rows of one table.

    Parameters
    ----------
    header
        The column names of the table.

    Raises
    ------
    ValueError
        When no column holds file names; the message is the sentence for the user.
    """

    def __init__(self, header: Sequence[str]) -> None:
        where = resolve(header)
        if "productFilename" not in where and "dataURI" not in where:
            raise ValueError(no_name_column(header))
        self.width = len(header)
        # Every index points at a cell: an absent column reads the empty cell that `record` adds to each row.
        absent = self.width
        self._name, self._uri, self._obs_id, self._obsid, self._parent, self._level = (
            where.get(column, absent) for column in _ROW_COLUMNS
        )
        self._size = where.get("size", absent)
        self._mrp = where.get("productGroupDescription", absent)
        self._has_mrp = self._mrp != absent
        self._collection = where.get("obs_collection", absent)
        self._last_obs_id = ""
        # A table that says nothing of the files themselves gives records that say nothing of them.
        kept = MAST_COLUMNS if any(column in where for column in MAST_COLUMNS) else ()
        self._columns = tuple((column, where.get(column, absent)) for column in kept)

    def record(self, cells: list[str]) -> ProductRecord | EngineeringRecord | Odd:
        """Make the record of a row that has `width` cells; `cells` is changed."""
        cells.append("")
        collection = cells[self._collection]
        if collection != COLLECTION and (fault := foreign(collection, "product")):
            return Odd(None, (fault,))
        if cells[self._uri].startswith(EDB):
            return _engineering(cells[self._uri])
        name = cells[self._name].strip(" \t")
        # The plain case of some hundred thousand rows a second; anything else takes the slow way.
        if not (name.isascii() and name.isprintable() and len(name) <= LONGEST) or (
            "/" in name or "\\" in name or name in NULLS or name.endswith((".fit", "."))
        ):
            if is_engineering(name):
                return _engineering(name)
            found = self._find_name(cells)
            if isinstance(found, Odd):
                return found
            name = found
        obs_id = cells[self._obs_id].strip(" \t")
        if obs_id in NULLS:
            obs_id = ""
        elif obs_id != self._last_obs_id:
            # The rows of a dataset come together: its identifier is looked at once.
            if fault := name_fault(obs_id):
                return Odd(None, (f"its obs_id {quoted(obs_id, 40)} is not fit to be one: {fault}",))
            self._last_obs_id = obs_id
        try:
            return self._build(name, obs_id, cells, _number)
        except ValueError:
            return self._odd_numbers(name, obs_id, cells)

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

    def _find_name(self, cells: list[str]) -> str | Odd:
        """Return the file name, from the URI where the name column has none."""
        for cell in (cells[self._name], cells[self._uri]):
            if cell.strip(" \t") in NULLS:
                continue
            name = base_name(cell)
            if fault := name_fault(name) or truncated(name):
                return Odd(None, (f"{quoted(name)} is not a file name that can be kept: {fault}",))
            return name
        return Odd(None, ("the row has neither a file name nor a dataURI",))

    def _odd_numbers(self, name: str, obs_id: str, cells: list[str]) -> ProductRecord | Odd:
        """Make the record of a row one of whose numbers is none: whole floats pass, the rest is left out."""
        reasons: list[str] = []

        def number(cell: str) -> int | None:
            try:
                return _number(cell)
            except ValueError:
                if (value := _whole_float(cell)) is None:
                    reasons.append(f"{quoted(cell, 40)} stands where a whole number should; it is left out")
                return value

        record = self._build(name, obs_id, cells, number)
        return Odd(record, tuple(reasons)) if reasons else record


def resolve(header: Sequence[str]) -> dict[str, int]:
    """Find the columns of MAST in a header: exact names first, then any case, then the aliases."""
    exact, lower = places(header)
    if "filesetname" in lower:
        return {column: lower[name] for column, name in KEYWORD_COLUMNS.items() if name in lower}
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
    """Tell whether a header is that of a table of files."""
    where = resolve(header)
    return "productFilename" in where or "dataURI" in where


def truncated(name: str) -> str | None:
    """Tell why a name that lost its end cannot be kept: all the archive's FITS files end in `.fits`."""
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
    # Beyond 2**53 a float does not tell one whole number from the next.
    return int(value) if value.is_integer() and abs(value) < 1 << 53 else None


def foreign(collection: str, what: str) -> str | None:
    """Tell that a row is of another mission; a row that names none is taken as JWST's."""
    cell = collection.strip()
    if cell in NULLS or cell.upper() == COLLECTION:
        return None
    return f"it is not a JWST {what}: its obs_collection is {quoted(cell, 40)}"


def _engineering(uri: str) -> EngineeringRecord | Odd:
    return record_of_uri(uri) or Odd(None, (wrong_uri(uri),))


def no_name_column(header: Sequence[str]) -> str:
    """Say that a table has no column of file names, and what columns it has."""
    names = [show(name.strip(), 40) for name in header]
    listed = ", ".join(names[:12]) + (f" and {len(names) - 12} more" if len(names) > 12 else "")
    return f"no column holds file names (productFilename, filename or dataURI); it has {listed}"


PRODUCTS = Kind("files", names_files, RowReader)


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
