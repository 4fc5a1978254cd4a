"""Product rows as tables that astropy reads, and labels of pictures."""

from __future__ import annotations

import csv
import io
import json
import subprocess
import sys
from dataclasses import asdict, fields

import pytest
from astropy.io.votable import parse_single_table
from astropy.io.votable.ucd import check_ucd
from astropy.table import Table

from jwgraph.answers.products import ProductRow
from jwgraph.export.dot import quoted
from jwgraph.model import columns
from jwgraph.present import files

ROWS = [
    ProductRow("a,\"é'<&>.fits", "x", "SCIENCE", 3, "mast:JWST/product/a", 1 << 40, True, "composition", "3", True),
    ProductRow("b.fits", None, None, None, None, None, False, "antecedent", None, False),
]


def test_the_columns_are_those_of_the_contract() -> None:
    assert list(columns.COLUMNS) == [field.name for field in fields(ProductRow)]
    for told in columns.COLUMNS.values():
        assert check_ucd(told.ucd, check_controlled_vocabulary=True)


def same(made: Table) -> None:
    assert made.colnames == list(columns.COLUMNS)
    for name in made.colnames:
        found = [None if value is None or hasattr(value, "mask") else value for value in made[name].tolist()]
        # VOTable has no empty text beside the missing one.
        assert [value if value != "" else None for value in found] == [getattr(row, name) for row in ROWS], name
        # astropy folds long lines of a VOTable.
        assert " ".join(made[name].description.split()) == columns.COLUMNS[name].sentence
    assert str(made["size"].unit) == "byte"
    assert made["calib_level"].dtype == "int64"
    assert made["mrp"].dtype == "bool"


def test_ecsv() -> None:
    made = Table.read(files.ecsv(ROWS), format="ascii.ecsv")
    same(made)
    assert made["size"].meta["ucd"] == "phys.size;meta.file"


def test_votable() -> None:
    found = parse_single_table(io.BytesIO(files.votable(ROWS).encode()), verify="exception")
    same(found.to_table())
    assert found.get_field_by_id("size").ucd == "phys.size;meta.file"


def test_csv_and_json_are_those_of_the_command_line() -> None:
    first, second = csv.DictReader(io.StringIO(files.as_csv(ROWS)))
    assert first["productFilename"] == ROWS[0].productFilename
    assert (first["size"], first["mrp"]) == (str(1 << 40), "true")
    assert (second["size"], second["mrp"], second["stage"]) == ("", "false", "")
    assert json.loads(files.as_json(ROWS)) == [asdict(row) for row in ROWS]


@pytest.mark.parametrize("write", [files.ecsv, files.votable, files.as_csv, files.as_json])
def test_no_rows(write: object) -> None:
    assert callable(write)
    text = write([])
    assert text.strip()
    if write is files.ecsv:
        assert len(Table.read(text, format="ascii.ecsv")) == 0
    if write is files.votable:
        assert len(parse_single_table(io.BytesIO(text.encode())).to_table()) == 0


def test_hostile_text_is_shown_by_its_code() -> None:
    row = ProductRow("a.fits", "x", "a\x1b[31m\x00\n", 3, None, 1, True, "composition", "3", True)
    found = parse_single_table(io.BytesIO(files.votable([row]).encode())).to_table()
    assert found["productType"][0] == "a\\x1b[31m\\x00\\n"
    assert "\x1b" not in files.as_csv([row])


def test_labels_are_quoted() -> None:
    assert quoted('a"; x -> y\n\\N') == '"a\\"; x -> y\\\\n\\\\N"'


def test_start_up_stays_light() -> None:
    code = (
        "import sys, jwgraph.cli.export, jwgraph.present.files, jwgraph.export.prov, jwgraph.export.datalink\n"
        "print([name for name in ('astropy', 'prov', 'pyvo') if name in sys.modules])"
    )
    assert subprocess.run([sys.executable, "-c", code], capture_output=True, check=True, text=True).stdout == "[]\n"
