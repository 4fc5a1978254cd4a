"""An answer as a table: its rows and columns, what is not known, and the command that prints it."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from typing import Any

from jwgraph.answers.notes import Note
from jwgraph.model.columns import Column
from jwgraph.present.columns import columns_of


@dataclass(frozen=True, slots=True)
class Table:
    """An answer, in the same words wherever it is shown.

    Attributes
    ----------
    rows
        All of its rows.
    about
        Its columns, in order.
    notes
        What it depends on and is not loaded.
    command
        The command that prints it; empty where nothing does.
    name
        Name of a file with it, without its extension.
    empty
        A sentence for an answer without rows.
    hidden
        Columns that a page leaves out.
    """

    rows: Sequence[Any]
    about: Mapping[str, Column]
    notes: Sequence[Note] = ()
    command: str = ""
    name: str = "jwgraph"
    empty: str = "None."
    hidden: Sequence[str] = field(default=("dataURI",))

    @property
    def columns(self) -> dict[str, Column]:
        """The columns that a page shows."""
        return {name: column for name, column in self.about.items() if name not in self.hidden}

    def cut(self, most: int) -> Table:
        """Return it with at most so many rows; where there are more, a note says so."""
        if len(self.rows) <= most:
            return self
        note = Note(f"only the first {most:,} of {len(self.rows):,} rows: the command prints all", self.command)
        return replace(self, rows=self.rows[:most], notes=(note, *self.notes))

    def said(self, notes: Sequence[Note]) -> Table:
        """Return it with further notes before its own."""
        return replace(self, notes=(*notes, *self.notes))


def table_of(
    kind: type[Any], rows: Sequence[Any], notes: Sequence[Note], command: str, name: str, **more: Any
) -> Table:
    """Return the table of an answer whose rows are of one dataclass."""
    return Table(rows, columns_of(kind), tuple(notes), command, name, **more)
