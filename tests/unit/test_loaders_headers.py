"""Headers of FITS files and dumps of them: what is kept, what is left out, what is refused."""

from __future__ import annotations

import subprocess
import sys

import pytest

from jwgraph.model.records import HeaderRecord, Problem
from jwgraph_loaders import association
from jwgraph_loaders.base import Source
from jwgraph_loaders.fits_headers import DUMPS, FITS
from tests.support.header_files import MADE_BY, NAME, RECORD, dump, file, of_dump, of_fits, one, raw, reason, warned


def test_a_file_and_its_dump_give_the_same_record() -> None:
    assert of_fits(file(MADE_BY, (4, 4), (100,))) == [RECORD]
    assert of_dump(MADE_BY) == [RECORD]


# --- detect ---


def test_what_is_a_dump() -> None:
    assert DUMPS.detect(Source.from_bytes("x", dump(MADE_BY)))
    assert not association.LOADER.detect(Source.from_bytes("x", dump(MADE_BY)))


@pytest.mark.parametrize(
    "data",
    [
        b'{"asn_type": "image2", "products": [{"name": "a", "members": [{"expname": "hdus cards"}]}]}',
        b'{"fields": [], "data": [{"productFilename": "a.fits", "description": "hdus"}]}',
        b'[{"hdus": 1, "cards": 1}]',
        b'{"hdus": []}',
        b"hdus,cards\n1,2\n",
    ],
)
def test_what_is_no_dump(data: bytes) -> None:
    assert not DUMPS.detect(Source.from_bytes("x", data))
    assert not FITS.detect(Source.from_bytes("x", data))


def test_start_up_does_without_astropy() -> None:
    code = "import jwgraph_loaders.fits_headers, jwgraph_loaders.find.read, sys; sys.exit('astropy' in sys.modules)"
    assert subprocess.run([sys.executable, "-c", code], check=False).returncode == 0


# --- names ---

LEVEL_1 = "jw01093012001_03102_00001_nis_uncal.fits"


@pytest.mark.parametrize(
    ("read_under", "card", "filename"),
    [
        (NAME, NAME, NAME),
        (f"{NAME}.gz", NAME, NAME),
        ("exp_0.fits", NAME, NAME),
        ("exp_0.fits", f"dir/{NAME}", NAME),
        (NAME, "test.fits", NAME),
        (NAME, None, NAME),
        ("exp_0.fits", "other.fits", "exp_0.fits"),
        ("", "other.fits", "other.fits"),
    ],
)
def test_the_name_of_the_file(read_under: str, card: str | None, filename: str) -> None:
    header = raw(*([f"FILENAME= '{card}'"] if card else []))
    assert one(of_fits(header, read_under)) == HeaderRecord(filename)


def test_the_name_that_it_was_read_under_counts() -> None:
    record, said = warned(of_fits(raw(f"FILENAME= '{LEVEL_1}'")))
    assert record.filename == NAME
    assert said == [f"FILENAME is {LEVEL_1!r}; the name that the file was read under counts"]


@pytest.mark.parametrize("name", ["", "a\nb.fits", "x" * 300])
def test_a_name_that_cannot_be_kept_refuses_the_file(name: str) -> None:
    assert "the file has no name that can be kept: it " in reason(of_fits(raw(), name))


@pytest.mark.parametrize(("path", "filename"), [("a/x.fits.gz", "x.fits"), (None, "d.fits"), (7, "d.fits")])
def test_the_name_of_a_dump(path: object, filename: str) -> None:
    assert one(of_dump({}, path, "d.fits.JSON")).filename == filename


# --- cards ---


@pytest.mark.parametrize("none", ["singleton", "SINGLETON", "N/A", "", " ", "NULL", "none", None])
def test_no_association_in_any_spelling(none: str | None) -> None:
    record = one(of_dump({"ASNTABLE": none, "ASNPOOL": none, "MSAMETFL": none}))
    assert record == HeaderRecord(NAME)


@pytest.mark.parametrize("none", ["N/A", "", "NULL", "crds://N/A", None])
def test_no_reference_in_any_spelling(none: str | None) -> None:
    assert one(of_dump({"R_FLAT": none})) == HeaderRecord(NAME)


def test_names_lose_their_directory_and_pools_have_an_extension() -> None:
    cards = {"ASNTABLE": "/data/jw1_asn.json", "ASNPOOL": "a\\jw1_pool", "MSAMETFL": "./jw1_msa.fits"}
    record = one(of_dump(cards))
    assert (record.asntable, record.asnpool, record.msametfl) == ("jw1_asn.json", "jw1_pool.csv", "jw1_msa.fits")
    assert one(of_dump({"ASNPOOL": "pool"})).asnpool is None


def test_references_are_one_name_with_the_scheme_and_without() -> None:
    cards = {
        "R_MASK": "/grp/crds/jwst_b.fits",
        "R_FLAT": "CRDS://jwst_a.fits",
        "R_DARK": "jwst_a.fits",
        "R_IPC": "crds://N/A",
        "R_": "x",
        "R_TOOLONGNAME": "x",
    }
    assert one(of_dump(cards)).references == (
        ("R_DARK", "crds://jwst_a.fits"),
        ("R_FLAT", "crds://jwst_a.fits"),
        ("R_MASK", "crds://jwst_b.fits"),
    )


@pytest.mark.parametrize(
    ("keyword", "value"),
    [
        ("ASNTABLE", "a\x00b"),
        ("ASNTABLE", "dir/"),
        ("ASNPOOL", "x" * 253),
        ("MSAMETFL", True),
        ("R_FLAT", "é\ud800"),
        ("R_FLAT", [1]),
        ("TARGNAME", "x" * 256),
        ("TARGNAME", "a\x1b[2J"),
        ("FILTER", {"a": 1}),
        ("PROGRAM", "test1"),
        ("PROGRAM", 123456),
        ("PROGRAM", "-1"),
    ],
)
def test_what_cannot_be_kept_is_left_out(keyword: str, value: object) -> None:
    record, said = warned(of_dump({keyword: value}))
    assert record == HeaderRecord(NAME)
    (sentence,) = said
    assert keyword in sentence
    assert sentence.endswith("it is left out")
    assert sentence.isprintable()


@pytest.mark.parametrize(("value", "program"), [("1093", "01093"), (1093, "01093"), ("N/A", ""), (None, "")])
def test_programs(value: object, program: str) -> None:
    assert one(of_dump({"PROGRAM": value})) == HeaderRecord(NAME, program)


def test_the_first_card_of_a_keyword_counts() -> None:
    assert one(of_fits(raw("FILTER  = 'A'", "FILTER  = 'B'"))).cards == {"filter": "A"}
    rows = [["FILTER", "A", ""], ["FILTER", "B", ""]]
    assert one(DUMPS.read(Source.from_bytes("x.json", dump(rows)))).cards == {"filter": "A"  }  # fmt: skip


def test_long_values_are_continued() -> None:
    long = "crds://" + "x" * 100 + ".fits"
    assert one(of_fits(file({"R_FLAT": long}))).references == (("R_FLAT", long),)


def test_cards_without_value_are_none() -> None:
    header = raw("EXPSTART=", "EXPEND  =         / end", "FILTER", "ASNTABLE= ''", "TARGNAME= / none")
    assert one(of_fits(header)) == HeaderRecord(NAME)


def test_another_telescope_is_refused() -> None:
    assert reason(of_fits(raw("TELESCOP= 'HST'"))) == "it is not a JWST file: TELESCOP is 'HST'"
    assert one(of_fits(raw("TELESCOP= 'jwst    '"))) == HeaderRecord(NAME)


@pytest.mark.parametrize("name", ["jwst_miri_ipc.fits", "exp_0.fits", "jwst_niriss_flat_0271.fits"])
def test_calibration_files_are_no_products(name: str) -> None:
    cards = () if name.endswith("0271.fits") else ("REFTYPE = 'IPC'",)
    problem = one(of_fits(raw(*cards), name))
    assert (type(problem), problem.severity) == (Problem, "warning")
    assert problem.reason.startswith("it is a calibration reference file")
    assert one(of_fits(raw(*cards))) == HeaderRecord(NAME)


# --- times ---


@pytest.mark.parametrize("value", [float("nan"), float("inf"), "noon", True, [1], "1" + "0" * 5, 10**400])
@pytest.mark.parametrize("keyword", ["EXPSTART", "EXPEND"])
def test_an_invalid_time_refuses_the_file(keyword: str, value: object) -> None:
    assert reason(of_dump({keyword: value})).startswith(f"the card {keyword} is no time (MJD): ")


def test_a_time_that_is_no_number_in_fits() -> None:
    header = raw("EXPSTART= NaN", "EXPEND  =  59000.5")
    assert reason(of_fits(header)) == "the card EXPSTART is no time (MJD): 'NaN'"
    assert reason(of_fits(raw("EXPEND  =59000.5"))) == "the card EXPEND is no time (MJD): '59000.5'"


def test_a_span_that_ends_before_it_begins_refuses_the_file() -> None:
    assert reason(of_dump({"EXPSTART": 59001, "EXPEND": 59000.5})) == "EXPEND 59000.5 is before EXPSTART 59001.0"


def test_one_time_alone_counts_as_no_time() -> None:
    assert one(of_dump({"EXPSTART": 59001})) == HeaderRecord(NAME)
    assert one(of_dump({"EXPSTART": "N/A", "EXPEND": 59001})) == HeaderRecord(NAME)


def test_julian_dates_are_left_out() -> None:
    record, said = warned(of_dump({"EXPSTART": 2463670.0, "EXPEND": 2463680.0}))
    assert record == HeaderRecord(NAME)
    assert said == ["EXPSTART 2463670.0 and EXPEND 2463680.0 are no MJD; they are left out"]
