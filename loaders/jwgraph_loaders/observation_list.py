"""Rows of a MAST observation search (`Mast.Caom.Filtered`, `Observations.query_criteria`).

A row describes an Observation, not its files. Planned Observations (calibration level -1) have identifiers of their own
(`jw02221001001_xx101_00001_nircam`), which no dataset uses later.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence

from jwgraph.model.records import OBSERVATION_COLUMNS, ObservationRecord, Problem, Record
from jwgraph.names.grammar import LONGEST, parse_root
from jwgraph.names.identifiers import five_digits
from jwgraph_loaders.base import Source
from jwgraph_loaders.formats.forms import reader_of
from jwgraph_loaders.formats.table import Kind, RowProblem, finite, resolve_columns
from jwgraph_loaders.product_list import COLLECTION, INT_MAX, PRODUCTS, foreign, names_files
from jwgraph_loaders.text import name_fault, null, quoted, show, without_surrogates

# CAOM calibration levels: planned, raw, calibrated, combined, analysed. MAST uses -1, 1, 2, 3 and 4 for JWST.
LEVELS = range(-1, 5)

_COLUMNS = (
    "obs_id",
    "obsid",
    "obs_collection",
    "proposal_id",
    "calib_level",
    "t_min",
    "t_max",
    "t_obs_release",
    *OBSERVATION_COLUMNS,
)
# Columns that identify a product list even if it was printed without file names. MAST writes `obsID` in product lists
# and `obsid` in observation searches.
_OF_PRODUCTS = frozenset({"obsID", "parent_obsid", "productType", "productGroupDescription", "size"})
# The integers that Neo4j can store.
_OBSIDS = range(INT_MAX + 1)


class _Row:
    """Convert the cells of one row to values, and collect problems with them."""

    def __init__(self, row: Mapping[str, object]) -> None:
        self._row = row
        self.problems: list[str] = []

    def text(self, column: str) -> str | None:
        """Return the text of a cell, or None if it is empty."""
        value = self._row.get(column)
        if value is None:
            return None
        text = value.decode("utf-8", "replace") if isinstance(value, bytes) else str(value)
        return null(without_surrogates(text))

    def real(self, column: str) -> float | None:
        """Return a finite number; for any other text, return None and report the cell."""
        text = self.text(column)
        if text is None:
            return None
        value = finite(text)
        if value is None:
            self._leave_out(column, text, "a number")
        return value

    def whole(self, column: str, among: range, wanted: str) -> int | None:
        """Return an integer within a range; accept integral floats, which columns with gaps contain."""
        text = self.text(column)
        if text is None:
            return None
        value = _whole(text)
        if value is None or value not in among:
            self._leave_out(column, text, wanted)
            return None
        return value

    def _leave_out(self, column: str, text: str, wanted: str) -> None:
        self.problems.append(f"its {column} {quoted(text, 40)} is not {wanted}; it is left out")


def _whole(text: str) -> int | None:
    try:
        return None if "_" in text else int(text)
    except ValueError:
        value = finite(text)
    # Beyond 2**53 a float cannot represent every integer.
    return int(value) if value is not None and value.is_integer() and abs(value) < 1 << 53 else None


def _made(row: Mapping[str, object]) -> ObservationRecord | RowProblem:
    cells = _Row(row)
    if fault := foreign(cells.text("obs_collection") or COLLECTION, "Observation"):
        return RowProblem(None, (fault,))
    obs_id = cells.text("obs_id")
    if obs_id is None:
        return RowProblem(None, ("the row has no obs_id",))
    if fault := name_fault(obs_id):
        return RowProblem(None, (f"its obs_id {quoted(obs_id, 40)} is not fit to be one: {fault}",))
    t_min, t_max = _span(cells)
    record = ObservationRecord(
        obs_id,
        cells.whole("obsid", _OBSIDS, "a number of MAST") or None,
        _program(cells.text("proposal_id"), obs_id),
        cells.whole("calib_level", LEVELS, "a calibration level"),
        t_min,
        t_max,
        cells.real("t_obs_release"),
        {column: text[:LONGEST] for column in OBSERVATION_COLUMNS if (text := cells.text(column)) is not None},
    )
    return RowProblem(record, tuple(cells.problems)) if cells.problems else record


def _span(cells: _Row) -> tuple[float | None, float | None]:
    """Return start and end; drop both if the end is before the start, since either may be wrong."""
    t_min, t_max = cells.real("t_min"), cells.real("t_max")
    if t_min is not None and t_max is not None and t_max < t_min:
        cells.problems.append(f"its t_max {t_max} is before its t_min {t_min}; both are left out")
        return None, None
    return t_min, t_max


def _program(proposal_id: str | None, obs_id: str) -> str:
    """Return the program as five digits: `proposal_id` if it is a number, else the program in the obs_id."""
    # A column with gaps is read as floats.
    return five_digits((proposal_id or "").removesuffix(".0")) or parse_root(obs_id).program


def record_of(row: Mapping[str, object], source_name: str, number: int) -> ObservationRecord | Problem:
    """Return the record of one row already in memory, or a Problem with the reason.

    Numbers that cannot be read are dropped without a warning: a live table is typed.

    Parameters
    ----------
    row
        Values by MAST column name: text, numbers (numpy too), None or masked.
    source_name, number
        Position of the row, for the Problem; rows are counted from 1.
    """
    made = _made(row)
    if not isinstance(made, RowProblem):
        return made
    if isinstance(made.record, ObservationRecord):
        return made.record
    return Problem(source_name, number, made.reasons[0], text=show(" ".join(map(str, row.values()))))


class ObservationReader:
    """Convert rows of a table of Observations to records; see `jwgraph_loaders.formats.table.Reader`."""

    def __init__(self, header: Sequence[str]) -> None:
        self.width = len(header)
        self._where = resolve_columns(header, _COLUMNS)

    def record(self, cells: list[str]) -> ObservationRecord | RowProblem:
        """Convert a row of `width` cells to a record."""
        return _made({column: cells[at] for column, at in self._where.items()})


def names_observations(header: Sequence[str]) -> bool:
    """Return whether a header belongs to an observation search rather than a file list."""
    where = resolve_columns(header, ("obs_id", "obsid", "calib_level"))
    has_more = "obs_id" in where and len(where) > 1
    return has_more and not names_files(header) and _OF_PRODUCTS.isdisjoint(name.strip() for name in header)


OBSERVATIONS = Kind("Observations", names_observations, ObservationReader)


class MastObservations:
    """Loader of observation searches."""

    name = "mast_observations"
    summary = "MAST observation searches as CSV, ECSV, VOTable, MAST JSON or printed tables."

    def detect(self, source: Source) -> bool:
        """Return whether the head contains the header of a table of Observations."""
        found = reader_of(source.head, OBSERVATIONS)
        # Notebook output may contain both tables; the file list has more information.
        return found is not None and reader_of(source.head, PRODUCTS) is None

    def read(self, source: Source) -> Iterator[Record | Problem]:
        """Yield an `ObservationRecord` for each valid row and a Problem for each invalid one."""
        read = reader_of(source.head, OBSERVATIONS)
        if read is None:
            return iter([Problem(source.name, None, "no table of Observations is in it")])
        return read(source)


LOADER = MastObservations()
