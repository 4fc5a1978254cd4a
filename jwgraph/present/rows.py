"""Rows of an answer, as a sequence, an astropy Table, a DataFrame or HTML."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import replace
from typing import TYPE_CHECKING, Any, Generic, TypeVar, overload

from jwgraph.answers.notes import Note
from jwgraph.errors import UsageError
from jwgraph.model.columns import Column
from jwgraph.present.cells import cell
from jwgraph.present.columns import value
from jwgraph.present.info import AnswerInfo

if TYPE_CHECKING:
    import pandas as pd
    from astropy.table import Table

T_co = TypeVar("T_co", covariant=True)

_EMPTY: dict[str, Any] = {"str": "", "json": "", "int64": 0, "float64": 0.0, "bool": False}

_PANDAS = {"str": "string", "int64": "Int64", "float64": "Float64", "bool": "boolean", "json": "object"}


class Rows(Sequence[T_co], Generic[T_co]):
    """The rows of an answer: dataclasses, or dicts for a user's own query.

    A sequence whose slices are `Rows` as well.

    Parameters
    ----------
    rows
        The rows.
    about
        Columns in order; types are str, int64, float64, bool and, for lists and maps, json.
    info
        Metadata of the answer.

    Attributes
    ----------
    about
        Columns in order, with type, description and unit.
    info
        Metadata of the answer.
    """

    def __init__(self, rows: Iterable[T_co], about: dict[str, Column], info: AnswerInfo) -> None:
        self._rows = tuple(rows)
        self.about = about
        self.info = info

    @property
    def columns(self) -> tuple[str, ...]:
        """Names of the columns, in order."""
        return tuple(self.about)

    @property
    def notes(self) -> tuple[Note, ...]:
        """What the answer depends on and is not loaded, with the command that loads it."""
        return self.info.notes

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
        """Return the rows for which a function is true: `tree.where(lambda row: row.mrp)`."""
        return self._with(row for row in self._rows if wanted(row))

    def _with(self, rows: Iterable[T_co]) -> Rows[T_co]:
        whole = len(self) if self.info.whole is None else self.info.whole
        return type(self)(rows, self.about, replace(self.info, whole=whole))

    def values(self, name: str) -> list[Any]:
        """Return the values of one column.

        Raises
        ------
        UsageError
            There is no such column.
        """
        if name not in self.about:
            raise UsageError(f"There is no column {name!r}; there are {', '.join(self.columns)}.")
        return [value(row, name) for row in self._rows]

    def to_table(self) -> Table:
        """Return an astropy Table with units and descriptions; unknown values are masked.

        `meta` contains the call and the notes. Lists and maps are JSON text, so that the table can be written in every
        format.
        """
        from astropy.table import MaskedColumn, Table

        from jwgraph._version import __version__

        made = Table(meta={"query": self.info.call, "jwgraph": __version__})
        if self.info.notes:
            made.meta["notes"] = [str(note) for note in self.info.notes]
        for name, column in self.about.items():
            values = self.values(name)
            made[name] = MaskedColumn(
                [_EMPTY[column.type] if each is None else _plain(each, column) for each in values],
                mask=[each is None for each in values],
                dtype="str" if column.type == "json" else column.type,
                unit=column.unit or None,
                description=column.sentence or None,
                meta={"ucd": column.ucd} if column.ucd else None,
            )
        return made

    def to_pandas(self) -> pd.DataFrame:
        """Return a DataFrame; unknown values are NA, lists stay lists.

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
        if self.info.notes:
            frame.attrs["notes"] = [str(note) for note in self.info.notes]
        return frame

    def __repr__(self) -> str:
        from jwgraph.present import text

        return text.text(self)

    def _repr_html_(self) -> str:
        from jwgraph.present import html

        return html.table(self)


def _plain(each: Any, column: Column) -> Any:
    return cell(each) if column.type == "json" else each
