"""Rows of an answer, as people and programs want them: a sequence, an astropy Table, a DataFrame, HTML."""

from __future__ import annotations

import json
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import fields, replace
from types import UnionType
from typing import TYPE_CHECKING, Any, Generic, TypeVar, get_args, get_type_hints, overload

from jwgraph.errors import UsageError
from jwgraph.model.columns import COLUMNS as PRODUCT_COLUMNS
from jwgraph.model.columns import Column
from jwgraph.present.info import AnswerInfo

if TYPE_CHECKING:
    import pandas as pd
    from astropy.table import Table

T_co = TypeVar("T_co", covariant=True)


# Beside the columns of products, those of the other answers.
COLUMNS: dict[str, Column] = PRODUCT_COLUMNS | {
    "depth": Column("int64", "Steps of processing away from what was asked for"),
    "role": Column("str", "Role (exptype) in which it came in; several are joined by ;", "meta.code"),
    "association": Column("str", "Association file; several are joined by ;", "meta.id;meta.file"),
    "linked_to": Column("str", "File or dataset that it is linked to", "meta.id"),
    "product": Column("str", "Name of the product as the association has it", "meta.id"),
    "expname": Column("str", "Name of the member as the association has it", "meta.id"),
    "exptype": Column("str", "Role of the member", "meta.code"),
    "state": Column("str", "archived, expected, planned or named", "meta.code.status"),
    "listed": Column("bool", "A row of the Portal: no Observation with an archived product includes it", "meta.code"),
    "products": Column("int64", "Files of its own", "meta.number"),
    "included": Column("int64", "Observations that it includes", "meta.number"),
    "program": Column("str", "JWST program, five digits", "meta.id"),
    "mast_obsid": Column("int64", "MAST's number of the Observation (obsid)", "meta.id"),
    "reason": Column("str", "Why it is not there", "meta.note"),
    "evidence": Column("str", "What says so", "meta.note"),
    "members_missing": Column("json", "Members that are not archived, in the order of the association", "meta.id"),
    "subject": Column("str", "What the fact is about", "meta.id"),
    "question": Column("str", "What is asked of it"),
    "answer": Column("str", "What is the case"),
    "because": Column("str", "The rule or source that it follows from", "meta.note"),
    "keyword": Column("str", "Header card that names the reference file", "meta.code"),
    "reference": Column("str", "Calibration reference file (CRDS)", "meta.id;meta.file"),
    "context": Column("str", "CRDS context", "meta.version"),
    "mnemonic": Column("str", "Engineering mnemonic", "meta.id"),
    "t_min": Column("float64", "Begin, MJD", "time.start", "d"),
    "t_max": Column("float64", "End, MJD", "time.end", "d"),
    "source": Column("str", "Where the step begins", "meta.id"),
    "target": Column("str", "Where the step ends", "meta.id"),
    "version_id": Column("str", "Version of the association", "meta.version"),
    "superseded_by": Column("str", "Association that took its place", "meta.id;meta.file"),
    "at": Column("str", "When the load began that told it, ISO 8601, UTC", "time.epoch"),
    "event": Column("str", "new, reprocessed or public", "meta.code"),
    "detail": Column("str", "What changed", "meta.note"),
}


_RELATION = COLUMNS["relation"]


_LISTED_MRP = replace(
    COLUMNS["mrp"], sentence="One of the Minimum Recommended Products of an Observation that the Portal lists"
)


# Where a column of one answer means something else than in the others.
_OF_ROWS: dict[str, dict[str, Column]] = {
    "LineageRow": {
        "relation": replace(_RELATION, sentence="What the file was to the one that was made of it"),
        "mrp": _LISTED_MRP,
    },
    "LinkRow": {"relation": replace(_RELATION, sentence="What the link is")},
    "ImpactRow": {"mrp": _LISTED_MRP},
    "StepRow": {
        "relation": replace(_RELATION, sentence="How source and target are related, read from source to target"),
        "role": replace(COLUMNS["role"], sentence="Role (exptype) of a member, or the relation of a link"),
    },
    "MemberRow": {"association": replace(COLUMNS["association"], sentence="Association file")},
}


# Types of headers of named queries, and of Python's hints, as those of columns; what has parts is written as JSON.
_TYPES = {"STRING": "str", "INTEGER": "int64", "FLOAT": "float64", "BOOLEAN": "bool"}


_PYTHON: dict[Any, str] = {str: "str", int: "int64", float: "float64", bool: "bool"}


_EMPTY: dict[str, Any] = {"str": "", "json": "", "int64": 0, "float64": 0.0, "bool": False}


_PANDAS = {"str": "string", "int64": "Int64", "float64": "Float64", "bool": "boolean", "json": "object"}


class Rows(Sequence[T_co], Generic[T_co]):
    """The rows of one answer: dataclasses, or dicts where a query of one's own gave them.

    It is a sequence: it has a length, an order, and slices that are `Rows` again.

    Parameters
    ----------
    rows
        The rows.
    about
        Columns in order; their types are str, int64, float64, bool and, for lists and maps, json.
    info
        What was asked.

    Attributes
    ----------
    about
        Columns in order, with type, sentence and unit.
    info
        What was asked.
    """

    def __init__(self, rows: Iterable[T_co], about: dict[str, Column], info: AnswerInfo) -> None:
        self._rows = tuple(rows)
        self.about = about
        self.info = info

    @property
    def columns(self) -> tuple[str, ...]:
        """Names of the columns, in order."""
        return tuple(self.about)

    @overload
    def __getitem__(self, index: int) -> T_co: ...

    @overload
    def __getitem__(self, index: slice) -> Rows[T_co]: ...

    def __getitem__(self, index: int | slice) -> T_co | Rows[T_co]:
        if isinstance(index, slice):
            return self._with(self._rows[index])
        return self._rows[index]

    def __len__(self) -> int:
        return len(self._rows)

    def __iter__(self) -> Iterator[T_co]:
        return iter(self._rows)

    def where(self, wanted: Callable[[T_co], object]) -> Rows[T_co]:
        """Return the rows for which a function holds: `tree.where(lambda row: row.mrp)`."""
        return self._with(row for row in self._rows if wanted(row))

    def _with(self, rows: Iterable[T_co]) -> Rows[T_co]:
        whole = len(self) if self.info.whole is None else self.info.whole
        return type(self)(rows, self.about, replace(self.info, whole=whole))

    def values(self, name: str) -> list[Any]:
        """Return one column.

        Raises
        ------
        UsageError
            There is no such column.
        """
        if name not in self.about:
            raise UsageError(f"There is no column {name!r}; there are {', '.join(self.columns)}.")
        return [row[name] if isinstance(row, dict) else getattr(row, name) for row in self._rows]

    def to_table(self) -> Table:
        """Return an astropy Table with units and descriptions; what is unknown is masked.

        `meta` has what was asked. Lists and maps are JSON text, so that every format can be written.
        """
        from astropy.table import MaskedColumn, Table

        from jwgraph._version import __version__

        made = Table(meta={"query": self.info.call, "jwgraph": __version__})
        if self.info.note:
            made.meta["note"] = self.info.note
        for name, column in self.about.items():
            values = self.values(name)
            made[name] = MaskedColumn(
                [_EMPTY[column.type] if value is None else _cell(value, column.type) for value in values],
                mask=[value is None for value in values],
                dtype="str" if column.type == "json" else column.type,
                unit=column.unit or None,
                description=column.sentence or None,
                meta={"ucd": column.ucd} if column.ucd else None,
            )
        return made

    def to_pandas(self) -> pd.DataFrame:
        """Return a DataFrame; what is unknown is NA, lists stay lists.

        Raises
        ------
        UsageError
            pandas is not installed.
        """
        try:
            import pandas as pd
        except ImportError:
            raise UsageError("to_pandas needs pandas: `pip install pandas`.") from None
        frame = pd.DataFrame({n: pd.Series(self.values(n), dtype=_PANDAS[c.type]) for n, c in self.about.items()})
        frame.attrs["query"] = self.info.call
        return frame

    def __repr__(self) -> str:
        from jwgraph.present import text

        return text.text(self)

    def _repr_html_(self) -> str:
        from jwgraph.present import html

        return html.table(self)


def _cell(value: Any, kind: str) -> Any:
    if kind == "json":
        return value if isinstance(value, str) else json.dumps(value, default=str)
    return value


def columns_of(kind: type[Any]) -> dict[str, Column]:
    """Return the columns of a dataclass of rows; its hints tell their types."""
    hints, own = get_type_hints(kind), _OF_ROWS.get(kind.__name__, {})
    made = {}
    for field in fields(kind):
        told = own.get(field.name) or COLUMNS.get(field.name, Column("str", ""))
        made[field.name] = replace(told, type=_type_of_hint(hints[field.name]))
    return made


def _type_of_hint(hint: Any) -> str:
    """Return `int64` for int and for `int | None`; a list is no such choice."""
    plain = [part for part in get_args(hint) if part is not type(None)] if isinstance(hint, UnionType) else [hint]
    return _PYTHON.get(plain[0], "json") if len(plain) == 1 else "json"


def columns_of_header(returns: Iterable[tuple[str, str]], *, ours: bool) -> dict[str, Column]:
    """Return the columns that the header of a named query tells; what they mean is known of our own queries."""
    made = {}
    for name, kind in returns:
        told, form = COLUMNS.get(name), _TYPES.get(kind, "json")
        made[name] = told if ours and told and told.type == form else Column(form, "")
    return made


def columns_of_values(names: Sequence[str], rows: Sequence[dict[str, Any]]) -> dict[str, Column]:
    """Return the columns of an answer that no header tells of, by their values."""
    return {name: Column(_type_of_values(row[name] for row in rows), "") for name in names}


def _type_of_values(values: Iterable[Any]) -> str:
    kinds = {type(value) for value in values if value is not None}
    if not kinds:
        return "str"
    if kinds == {int, float}:
        return "float64"
    return _PYTHON.get(kinds.pop(), "json") if len(kinds) == 1 else "json"
