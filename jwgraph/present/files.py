"""Write product rows as CSV, JSON, ECSV and VOTable."""

from __future__ import annotations

import csv
import io
import json
from collections.abc import Sequence
from dataclasses import asdict, fields
from typing import TYPE_CHECKING, Any

from jwgraph.answers.products import ProductRow
from jwgraph.present.escape import visible

if TYPE_CHECKING:
    from astropy.table import Table

NAMES = [field.name for field in fields(ProductRow)]


def table(rows: Sequence[ProductRow]) -> Table:
    """Return product rows as an astropy table; what is unknown is masked."""
    from jwgraph.present.info import AnswerInfo
    from jwgraph.present.rows import Rows, columns_of

    return Rows(rows, columns_of(ProductRow), AnswerInfo("jwgraph export")).to_table()


def ecsv(rows: Sequence[ProductRow]) -> str:
    """Return product rows as ECSV text, astropy's CSV with a head of units and descriptions."""
    return as_ecsv(table(rows))


def votable(rows: Sequence[ProductRow]) -> str:
    """Return product rows as a VOTable (IVOA), its cells as text."""
    return as_votable(table(rows))


def as_ecsv(made: Table) -> str:
    """Return a table as ECSV text."""
    text = io.StringIO()
    made.write(text, format="ascii.ecsv", delimiter=",")
    return text.getvalue()


def as_votable(made: Table) -> str:
    """Return a table as a VOTable, its cells as text."""
    from astropy.io.votable import from_table, writeto

    out = io.BytesIO()
    writeto(from_table(_visible(made)), out, tabledata_format="tabledata")
    return out.getvalue().decode()


def _visible(made: Table) -> Table:
    """Show the code of control characters: XML has no way to write them."""
    for name in made.colnames:
        told = made[name]
        if told.dtype.kind == "U" and not all(str(value).isprintable() for value in told.data.data):
            made[name] = type(told)(
                [visible(str(value)) for value in told.data.data],
                mask=told.mask,
                description=told.description,
                meta=told.meta,
            )
    return made


def as_csv(rows: Sequence[ProductRow]) -> str:
    """Return CSV text, as `--format csv` prints it: nothing for what is unknown, true and false."""
    text = io.StringIO()
    writer = csv.writer(text, lineterminator="\n")
    writer.writerow(NAMES)
    writer.writerows([_cell(getattr(row, name)) for name in NAMES] for row in rows)
    return text.getvalue()


def _cell(value: Any) -> str:
    if value is None:
        return ""
    if isinstance(value, bool):
        return "true" if value else "false"
    return visible(str(value))


def as_json(rows: Sequence[ProductRow]) -> str:
    """Return a JSON list of objects, as `--format json` prints it."""
    return json.dumps([asdict(row) for row in rows], indent=2) + "\n"
