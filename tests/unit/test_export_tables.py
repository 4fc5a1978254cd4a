"""Rows in the formats that programs read, and labels of pictures."""

from __future__ import annotations

import csv
import io
import json
import subprocess
import sys
from dataclasses import asdict

import pytest
from astropy.io.votable import parse, parse_single_table
from astropy.table import Table

from jwgraph.answers.notes import Note
from jwgraph.answers.products import ProductRow
from jwgraph.export.dot import quoted
from jwgraph.present import files
from jwgraph.present.columns import columns_of
from jwgraph.present.files import Format

ROWS = [
    ProductRow("a,\"é'<&>.fits", "x", "SCIENCE", 3, "mast:JWST/product/a", 1 << 40, True, "own", "3", True),
    ProductRow("b.fits", None, None, None, None, None, False, "antecedent", None, False),
]
COLUMNS = columns_of(ProductRow)


def written(form: Format, *rows: ProductRow) -> str:
    return files.text(rows, ProductRow, form)


def same(made: Table) -> None:
    assert made.colnames == list(COLUMNS)
    for name in made.colnames:
        found = [None if value is None or hasattr(value, "mask") else value for value in made[name].tolist()]
        # VOTable has no empty text beside the missing one.
        assert [value if value != "" else None for value in found] == [getattr(row, name) for row in ROWS], name
        # astropy folds long lines of a VOTable.
        assert " ".join(made[name].description.split()) == COLUMNS[name].sentence
    assert str(made["size"].unit) == "byte"
    assert made["calib_level"].dtype == "int64"
    assert made["mrp"].dtype == "bool"


def test_ecsv() -> None:
    made = Table.read(written(Format.ECSV, *ROWS), format="ascii.ecsv")
    same(made)
    assert made["size"].meta["ucd"] == "phys.size;meta.file"


def test_votable() -> None:
    found = parse_single_table(io.BytesIO(written(Format.VOTABLE, *ROWS).encode()), verify="exception")
    same(found.to_table())
    assert found.get_field_by_id("size").ucd == "phys.size;meta.file"


def test_csv_and_json() -> None:
    first, second = csv.DictReader(io.StringIO(written(Format.CSV, *ROWS)))
    assert first["productFilename"] == ROWS[0].productFilename
    assert (first["size"], first["mrp"]) == (str(1 << 40), "true")
    assert (second["size"], second["mrp"], second["productLevel"]) == ("", "false", "")
    assert json.loads(written(Format.JSON, *ROWS)) == {"rows": [asdict(row) for row in ROWS], "notes": []}
    lines = written(Format.JSONL, *ROWS).splitlines()
    assert [json.loads(line) for line in lines] == [asdict(row) for row in ROWS]


def test_no_rows() -> None:
    assert json.loads(written(Format.JSON)) == {"rows": [], "notes": []}
    assert written(Format.JSONL) == ""
    assert written(Format.CSV) == ",".join(COLUMNS) + "\n"
    assert Table.read(written(Format.ECSV), format="ascii.ecsv").colnames == list(COLUMNS)
    assert len(parse_single_table(io.BytesIO(written(Format.VOTABLE).encode())).to_table()) == 0


def test_hostile_text_is_shown_by_its_code() -> None:
    row = ProductRow("a.fits", "x", "a\x1b[31m\x00\n", 3, None, 1, True, "own", "3", True)
    found = parse_single_table(io.BytesIO(written(Format.VOTABLE, row).encode())).to_table()
    assert found["productType"][0] == "a\\x1b[31m\\x00\\n"
    assert "\x1b" not in written(Format.CSV, row)


def test_labels_are_quoted() -> None:
    assert quoted('a"; x -> y\n\\N') == '"a\\"; x -> y\\\\n\\\\N"'


@pytest.mark.parametrize("module", ["cli.export", "present.files", "export.prov", "export.datalink"])
def test_start_up_stays_light(module: str) -> None:
    code = f"import sys, jwgraph.{module}; print([name for name in ('astropy', 'prov', 'pyvo') if name in sys.modules])"
    assert subprocess.run([sys.executable, "-c", code], capture_output=True, check=True, text=True).stdout == "[]\n"


def test_notes_are_in_every_format_that_has_a_place_for_them() -> None:
    notes = [Note("the content of é_asn.json is not loaded", "jwgraph sync --obs-id x"), Note("cut <here>\x1b")]
    text = {form: files.text(ROWS, ProductRow, form, notes) for form in Format if form is not Format.TABLE}
    assert json.loads(text[Format.JSON])["notes"] == [asdict(note) for note in notes]
    assert text[Format.CSV] == written(Format.CSV, *ROWS)
    assert text[Format.JSONL] == written(Format.JSONL, *ROWS)
    assert Table.read(text[Format.ECSV], format="ascii.ecsv").meta["notes"] == [str(note) for note in notes]
    found = parse(io.BytesIO(text[Format.VOTABLE].encode())).resources[0].infos
    assert [info.value for info in found if info.name == "note"] == [
        "the content of \\xe9_asn.json is not loaded: `jwgraph sync --obs-id x`",
        "cut <here>\\x1b",
    ]
