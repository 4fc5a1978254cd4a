"""Association pools that are none, or that cannot be loaded as they are."""

from __future__ import annotations

import pytest

from jwgraph.model.records import PoolRow, Problem
from jwgraph_loaders import file_list
from jwgraph_loaders.base import Source
from jwgraph_loaders.find import detect
from jwgraph_loaders.pool import LOADER
from tests.support.pools import FILE, HEADER, NAME, NEED, pool, problem, read


@pytest.mark.parametrize(
    ("name", "why"),
    [
        ("", "what is read from standard input has none; save it under its name and load that file"),
        ("pool.txt", "'pool.txt' does not end in .csv; give it the name it has in the archive"),
        ("a\nb.csv", r"'a\nb.csv' cannot be one: it holds a character that does not print"),
        (f"{'a' * 252}.csv", f"'{'a' * 160}…' cannot be one: it is longer than 255 bytes"),
    ],
)
def test_a_pool_without_a_name_is_rejected_whole(name: str, why: str) -> None:
    source = Source("<stdin>", name, b"", pool(f"{FILE}|1234||").open)
    assert list(LOADER.read(source)) == [Problem("<stdin>", None, f"a pool is known by its file name, and {why}")]


def test_the_name_of_a_pool_is_kept_as_it_is() -> None:
    (record,) = read(pool(f"{FILE}|1234||", name="JW01234_20220710T161010_Pool.CSV"))
    assert isinstance(record, PoolRow)
    assert record.pool == "JW01234_20220710T161010_Pool.CSV"


@pytest.mark.parametrize(
    ("header", "reason"),
    [
        ("FILENAME", f"it has no column program or exp_type; {NEED}"),
        ("PROGRAM|EXP_TYPE|ASN_CANDIDATE", f"it has no column filename; {NEED}"),
        ("FILENAME|EXP_TYPE|ASN_CANDIDATE", f"it has no column program; {NEED}"),
        ("FILENAME|PROGRAM|ASN_CANDIDATE", f"it has no column exp_type; {NEED}"),
    ],
)
def test_a_pool_that_lacks_a_column_says_which(header: str, reason: str) -> None:
    source = pool("x|y|z", header=header)
    assert not LOADER.detect(source)
    assert list(LOADER.read(source)) == [problem(1, reason, header)]


def test_a_column_that_occurs_twice() -> None:
    header = f"{HEADER}|Exp_Type"
    reason = "the header has the column 'exp_type' 2 times; leave one of them"
    assert read(pool(f"{FILE}|1234|a|b|c", header=header)) == [problem(1, reason, header)]


@pytest.mark.parametrize("text", ["", "# Pool\n", "\n\n"])
def test_a_pool_without_a_header(text: str) -> None:
    source = Source.from_bytes(f"pools/{NAME}", text.encode())
    assert not LOADER.detect(source)
    assert list(LOADER.read(source)) == [problem(None, f"it has no header; {NEED}")]


def test_a_pool_without_rows_has_no_records() -> None:
    assert read(pool()) == []


def test_a_pool_whose_last_cell_is_a_file_name_is_no_list_of_names() -> None:
    rows = "filename|program|exp_type|msametfl\n" + "jw02733001001_02101_00001_nrs1_uncal.fits|2733|x|a_msa.fits\n" * 2
    source = Source.from_bytes("jw02733_20220710t161010_pool.csv", rows.encode())
    assert detect.detect(source, [file_list.LOADER, LOADER]) is LOADER


def test_a_cell_that_is_too_long_costs_its_row() -> None:
    text = f"filename|program|exp_type|targname\na_uncal.fits|1|x|{'X' * 256}\nb_uncal.fits|1|x|M 16\n"
    found = list(LOADER.read(Source.from_bytes("a_pool.csv", text.encode())))
    assert [item.filename for item in found if isinstance(item, PoolRow)] == ["b_uncal.fits"]
    assert [(item.line, item.severity) for item in found if isinstance(item, Problem)][-1] == (2, "rejected")
