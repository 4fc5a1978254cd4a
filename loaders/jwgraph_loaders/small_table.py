"""Loader of tables with fixed columns, shared by reference, engineering and link tables."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass

from jwgraph.model.records import Problem, Record
from jwgraph_loaders.base import Source
from jwgraph_loaders.formats.forms import reader_of
from jwgraph_loaders.formats.table import Kind, RowProblem
from jwgraph_loaders.text import name_fault, quoted

# Converts the cells of a row, in the order of the columns, to a record; returns None for an empty row and raises
# ValueError, with a message for the user, for an invalid one.
Make = Callable[[Sequence[str]], Record | None]


class _Rows:
    """Convert the rows of one table to records; see `jwgraph_loaders.formats.table.Reader`."""

    def __init__(self, header: Sequence[str], columns: Sequence[str], make: Make) -> None:
        names = [name.strip() for name in header]
        self.width = len(names)
        self._places = [names.index(column) for column in columns]
        self._make = make

    def record(self, cells: list[str]) -> Record | RowProblem:
        """Convert a row to a record; return a `RowProblem` without reasons for an empty row."""
        try:
            return self._make([cells[at].strip(" \t") for at in self._places]) or RowProblem(None, ())
        except ValueError as error:
            return RowProblem(None, (str(error),))


@dataclass(slots=True, eq=False)
class TableLoader:
    """Loader of a table identified by its columns; lines that begin with `#` are comments."""

    name: str
    summary: str
    columns: tuple[str, ...]
    make: Make

    def detect(self, source: Source) -> bool:
        """Return whether the header has all the columns."""
        return reader_of(source.head, self._kind()) is not None

    def read(self, source: Source) -> Iterator[Record | Problem]:
        """Yield a record for each valid row and a Problem with the line number for each invalid one."""
        read = reader_of(source.head, self._kind())
        if read is None:
            return iter([Problem(source.name, None, f"it has not the columns {', '.join(self.columns)}")])
        return read(source)

    def _kind(self) -> Kind:
        return Kind(self.name, self._accepts, lambda header: _Rows(header, self.columns, self.make))

    def _accepts(self, header: Sequence[str]) -> bool:
        return set(self.columns) <= {name.strip() for name in header}


def fit_name(text: str, what: str) -> str:
    """Return a name unchanged; raise ValueError if it is not valid in the graph."""
    fault = name_fault(text)
    if fault:
        raise ValueError(f"the {what} {quoted(text)} cannot be kept: {fault}")
    return text
