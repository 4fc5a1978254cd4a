"""Product rows as tables: CSV, JSON, and by astropy ECSV and VOTable, with units and descriptions."""

from __future__ import annotations

import csv
import io
import json
from collections.abc import Sequence
from dataclasses import asdict, dataclass, fields
from typing import TYPE_CHECKING, Any

from jwgraph.views import ProductRow

if TYPE_CHECKING:
    from astropy.table import Table


@dataclass(frozen=True, slots=True)
class Column:
    """A column: type, sentence, unit and UCD (IVOA UCD1+ 1.5; those of ObsCore 1.1 for its columns)."""

    type: str
    sentence: str
    ucd: str = ""
    unit: str = ""


COLUMNS: dict[str, Column] = {
    "productFilename": Column("str", "Name of the file in the archive", "meta.id;meta.file"),
    "obs_id": Column("str", "Dataset that owns the file, as MAST names it", "meta.id"),
    "productType": Column("str", "SCIENCE, PREVIEW, INFO or AUXILIARY, as MAST has it", "meta.code.class"),
    "calib_level": Column("int64", "Calibration level, CAOM", "meta.code;obs.calib"),
    "dataURI": Column("str", "MAST's URI of the file", "meta.ref.uri"),
    "size": Column("int64", "Size of the file", "phys.size;meta.file", "byte"),
    "mrp": Column("bool", "One of the Minimum Recommended Products of an Observation asked for", "meta.code"),
    "relation": Column("str", "How the file belongs to the Observation asked for", "meta.code"),
    "stage": Column("str", "Pipeline stage: 1b, 2a, 2b, 2c, 3", "meta.code"),
    "archived": Column("bool", "A source listed the file; otherwise an association expects it", "meta.code"),
}
NAMES = [field.name for field in fields(ProductRow)]


def table(rows: Sequence[ProductRow]) -> Table:
    """Return product rows as an astropy table; what is unknown is masked."""
    from astropy.table import MaskedColumn, Table

    made = Table()
    for name in NAMES:
        told = COLUMNS[name]
        values = [getattr(row, name) for row in rows]
        empty: Any = "" if told.type == "str" else 0
        made[name] = MaskedColumn(
            [empty if value is None else value for value in values],
            mask=[value is None for value in values],
            dtype=told.type,
            unit=told.unit or None,
            description=told.sentence,
            meta={"ucd": told.ucd} if told.ucd else None,
        )
    return made


def ecsv(rows: Sequence[ProductRow]) -> str:
    """Return ECSV text, astropy's CSV with a head of units and descriptions."""
    text = io.StringIO()
    table(rows).write(text, format="ascii.ecsv", delimiter=",")
    return text.getvalue()


def votable(rows: Sequence[ProductRow]) -> str:
    """Return a VOTable (IVOA), its cells as text."""
    from astropy.io.votable import from_table, writeto

    made = from_table(_visible(table(rows)))
    out = io.BytesIO()
    writeto(made, out, tabledata_format="tabledata")
    return out.getvalue().decode()


def _visible(made: Table) -> Table:
    """Show the code of control characters: XML has no way to write them."""
    for name in NAMES:
        if COLUMNS[name].type == "str" and not all(str(value).isprintable() for value in made[name].data.data):
            told = made[name]
            made[name] = type(told)(
                [_shown(str(value)) for value in told.data.data],
                mask=told.mask,
                description=told.description,
                meta=told.meta,
            )
    return made


def _shown(text: str) -> str:
    return "".join(c if c.isprintable() else c.encode("unicode_escape", "surrogatepass").decode() for c in text)


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
    return _shown(str(value))


def as_json(rows: Sequence[ProductRow]) -> str:
    """Return a JSON list of objects, as `--format json` prints it."""
    return json.dumps([asdict(row) for row in rows], indent=2) + "\n"
