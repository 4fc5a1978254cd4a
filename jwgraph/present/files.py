"""Write rows in the formats that programs read: JSON, JSON lines, CSV, ECSV and VOTable."""

from __future__ import annotations

import csv
import io
import json
from collections.abc import Callable, Iterable, Sequence
from dataclasses import asdict
from enum import StrEnum
from typing import TYPE_CHECKING, Any, TextIO

from jwgraph.answers.notes import Note
from jwgraph.model.columns import Column
from jwgraph.present.cells import cell
from jwgraph.present.columns import columns_of, value
from jwgraph.present.escape import ascii_text, visible
from jwgraph.present.info import AnswerInfo
from jwgraph.present.rows import Rows

if TYPE_CHECKING:
    from astropy.table import Table

Columns = dict[str, Column]


class Format(StrEnum):
    """Output format of rows: a table for people, or a format for programs."""

    TABLE = "table"
    JSON = "json"
    JSONL = "jsonl"
    CSV = "csv"
    ECSV = "ecsv"
    VOTABLE = "votable"


def write(rows: Iterable[Any], about: Columns, form: Format, out: TextIO, notes: Sequence[Note] = ()) -> None:
    """Write rows (dataclasses or dicts) in any format except `table`.

    CSV and JSON lines are streamed row by row, and have rows only; JSON is an object with `rows` and `notes`. CSV, JSON
    and JSON lines have no units or descriptions.

    Parameters
    ----------
    about
        The columns, in order.
    notes
        Remarks on the answer.
    """
    _WRITERS[form](rows, about, out, notes)


def text(rows: Iterable[Any], kind: type[Any], form: Format, notes: Sequence[Note] = ()) -> str:
    """Return rows of one dataclass as text in the given format."""
    out = io.StringIO()
    write(rows, columns_of(kind), form, out, notes)
    return out.getvalue()


def record(rows: Iterable[Any], about: Columns, notes: Sequence[Note]) -> dict[str, Any]:
    """Return rows and notes as the object that JSON has."""
    return {"rows": [_record(row, about) for row in rows], "notes": [asdict(note) for note in notes]}


def _json(rows: Iterable[Any], about: Columns, out: TextIO, notes: Sequence[Note]) -> None:
    out.write(json.dumps(record(rows, about, notes), indent=2, default=str) + "\n")


def _jsonl(rows: Iterable[Any], about: Columns, out: TextIO, _notes: Sequence[Note]) -> None:
    for row in rows:
        out.write(json.dumps(_record(row, about), default=str) + "\n")


def _csv(rows: Iterable[Any], about: Columns, out: TextIO, _notes: Sequence[Note]) -> None:
    writer = csv.writer(out, lineterminator="\n")
    writer.writerow(about)
    writer.writerows([cell(value(row, name)) for name in about] for row in rows)


def _record(row: Any, about: Columns) -> dict[str, Any]:
    return {name: value(row, name) for name in about}


def _ecsv(rows: Iterable[Any], about: Columns, out: TextIO, notes: Sequence[Note]) -> None:
    _table(rows, about, notes).write(out, format="ascii.ecsv", delimiter=",")


def _votable(rows: Iterable[Any], about: Columns, out: TextIO, notes: Sequence[Note]) -> None:
    from astropy.io.votable import from_table, writeto
    from astropy.io.votable.tree import Info

    tree = from_table(_visible(_table(rows, about)))
    tree.resources[0].infos.extend(Info(name="note", value=ascii_text(str(note))) for note in notes)
    made = io.BytesIO()
    writeto(tree, made, tabledata_format="tabledata")
    out.write(made.getvalue().decode())


def _table(rows: Iterable[Any], about: Columns, notes: Sequence[Note] = ()) -> Table:
    return Rows(rows, about, AnswerInfo("jwgraph", tuple(notes))).to_table()


def _visible(made: Table) -> Table:
    """Escape control characters, which XML cannot represent."""
    for name in made.colnames:
        column = made[name]
        if column.dtype.kind == "U" and not all(str(each).isprintable() for each in column.data.data):
            made[name] = type(column)(
                [visible(str(each)) for each in column.data.data],
                mask=column.mask,
                description=column.description,
                meta=column.meta,
            )
    return made


_WRITERS: dict[Format, Callable[[Iterable[Any], Columns, TextIO, Sequence[Note]], None]] = {
    Format.JSON: _json,
    Format.JSONL: _jsonl,
    Format.CSV: _csv,
    Format.ECSV: _ecsv,
    Format.VOTABLE: _votable,
}
