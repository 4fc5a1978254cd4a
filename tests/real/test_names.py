"""The grammar of names on names, lists and keywords of the archive."""

from __future__ import annotations

import csv
from collections import Counter
from collections.abc import Iterator
from pathlib import Path

import pytest

from jwgraph.names.grammar import parse, parse_root

pytestmark = pytest.mark.real

# What a name alone does not say: several Observations own such a file.
OWNER_UNKNOWN = {"association", "pool", "msa", "guide_star"}


def rows(path: Path) -> list[dict[str, str]]:
    """Read a table; rendered ones have a second line of column types, and dots where rows are left out."""
    with path.open(encoding="utf-8", newline="") as file:
        return [row for row in csv.DictReader(file) if "..." not in row.values() and row.get("obsID") != "str8"]


def product_rows(shared: Path) -> Iterator[dict[str, str]]:
    for path in sorted((shared / "mast" / "products").glob("*.csv")):
        yield from rows(path)


def test_every_confirmed_name_is_recognised(shared: Path) -> None:
    names = (shared / "names" / "mast_confirmed.txt").read_text(encoding="utf-8").split()
    parsed = [parse(name) for name in names]
    assert {name.filename: name.reason for name in parsed if not name.recognised} == {}
    assert Counter(name.form for name in parsed) == {
        "exposure": 1192, "stage3": 175, "association": 448, "pool": 29, "guide_star": 40, "msa": 11,
    }  # fmt: skip


def test_product_lists_agree_on_type_level_and_owner(shared: Path) -> None:
    seen = 0
    for row in product_rows(shared):
        name = parse(row["productFilename"])
        assert name.recognised, name
        assert name.productType == row["productType"], name
        if name.form != "pool":
            assert str(name.calib_level) == row["calib_level"], name
        if name.form not in OWNER_UNKNOWN:
            assert name.obs_id == row["obs_id"], name
        root = parse_root(row["obs_id"])
        assert root.form in ("exposure", "stage3")
        assert root.obs_id == row["obs_id"]
        seen += 1
    assert seen > 380


def test_a_pool_is_of_the_level_of_who_lists_it(shared: Path) -> None:
    levels = {row["calib_level"] for row in product_rows(shared) if parse(row["productFilename"]).form == "pool"}
    assert levels == {"2", "3"}


def test_pairs_of_observation_and_file_agree(shared: Path) -> None:
    forms: Counter[str] = Counter()
    for row in rows(shared / "mast" / "exposure_file_pairs.csv"):
        name = parse(row["filename"])
        assert name.recognised, name
        forms[name.form] += 1
        root = parse_root(row["obs_id"])
        # Some folders are people's own: a filter, a target.
        if root.form and name.form not in OWNER_UNKNOWN:
            assert name.obs_id == root.obs_id
        if root.form:
            assert name.program == root.program
        if name.form == "guide_star":
            assert root.visit_id == name.visit_id
    assert forms == {"association": 494, "guide_star": 25, "exposure": 6, "stage3": 6}


@pytest.mark.parametrize("table", ["dawn_imaging.csv", "dawn_nirspec.csv"])
def test_keyword_rows_agree(shared: Path, table: str) -> None:
    for row in rows(shared / "mast" / "keywords" / table):
        name = parse(row["filename"])
        # A file set is the exposure without its detector.
        assert name.obs_id.rpartition("_")[0] == row["fileSetName"].lower()
        assert name.visit_id == f"jw{row['program'].zfill(5)}{row['observtn'].zfill(3)}{row['visit'].zfill(3)}"
        uri = parse(row["dataURI"])
        assert uri.recognised
        assert uri.obs_id == name.obs_id
        for column, form in (("asntable", "association"), ("asnpool", "pool"), ("msametfl", "msa")):
            if row.get(column):
                assert parse(row[column]).form == form


def test_the_level_of_imaging_rows_is_the_stage(shared: Path) -> None:
    for row in rows(shared / "mast" / "keywords" / "dawn_imaging.csv"):
        assert parse(row["filename"]).product_level == row["productLevel"]


def test_names_of_spectra_are_cut_short_in_the_keyword_rows(shared: Path) -> None:
    table = rows(shared / "mast" / "keywords" / "dawn_nirspec.csv")
    assert {row["filename"].rpartition(".")[2] for row in table} == {"fit"}
    assert not any(parse(row["filename"]).recognised for row in table)
