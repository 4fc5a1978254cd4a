"""Lists of file names, one a line."""

from __future__ import annotations

import pytest

from jwgraph.model.records import Problem, ProductRecord
from jwgraph_loaders.base import Source
from jwgraph_loaders.file_list import LOADER


def read(data: bytes) -> list[object]:
    return list(LOADER.read(Source.from_bytes("names.txt", data)))


@pytest.mark.parametrize(
    "line",
    [
        b"jw1_nrca1_cal.fits",
        b"  jw1_nrca1_cal.fits \r",
        b"mast:JWST/product/jw1_nrca1_cal.fits",
        b"mast:jwst/product/jw1_nrca1_cal.fits",
        b"MAST:jw1_nrca1_cal.fits",
        b"./mastDownload/JWST/jw1_nrca1/jw1_nrca1_cal.fits",
        b"# a comment\n\njw1_nrca1_cal.fits",
    ],
)
def test_names_uris_and_paths(line: bytes) -> None:
    assert read(line) == [ProductRecord("jw1_nrca1_cal.fits", seen=True)]


@pytest.mark.parametrize(
    ("line", "fault"),
    [
        (
            b"a\x1b.fits",
            "'a\\x1b.fits' is not a file name that can be kept: it holds a character that does not print",
        ),
        (
            b"a b.fits",
            "'a b.fits' is not a file name that can be kept: there is more than one word on the line",
        ),
        (b"hello", "'hello' is not a file name that can be kept: it has no extension"),
        (b"path/", "'' is not a file name that can be kept: it is empty"),
        (b"a.fit", "'a.fit' is not a file name that can be kept: the name is cut, JWST files end in .fits"),
        (b"\xff.fits", "byte 1 of the line is not UTF-8"),
    ],
)
def test_a_line_that_is_no_name_is_rejected(line: bytes, fault: str) -> None:
    first, second, last = read(b"a.fits\n" + line + b"\nb.fits")
    assert (first, last) == (ProductRecord("a.fits", seen=True), ProductRecord("b.fits", seen=True))
    assert isinstance(second, Problem)
    assert (second.line, second.reason) == (2, fault)


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("a.fits\nb_asn.json\nc.jpg\n", True),
        ("# names\nhttps://x/a.fits\nnot a name\nb.fits\n", True),
        ("a.fits\nnot a name\nnor this one\n", False),
        ("filename,obs_id\na.fits,b\n", False),
        ("", False),
    ],
)
def test_a_list_is_recognised_by_most_of_its_lines(text: str, expected: bool) -> None:
    assert LOADER.detect(Source.from_bytes("x", text.encode())) is expected


def test_a_csv_file_that_the_archive_cannot_have_is_no_product() -> None:
    pool = "jw02733_20220710t161010_pool.csv"
    wrong, kept = read(f"my_list.csv\n{pool}\n".encode())
    assert isinstance(wrong, Problem)
    assert "CSV files of the archive are association pools and engineering data" in wrong.reason
    assert kept == ProductRecord(pool, seen=True)
