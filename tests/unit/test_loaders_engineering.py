"""Engineering data: the names MAST gives them, in lists and tables, and the files themselves."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from jwgraph.model.records import EngineeringRecord, Problem, ProductRecord
from jwgraph_loaders import engineering, file_list, product_list
from jwgraph_loaders.base import Loader, Source
from jwgraph_loaders.engineering import EDB, record_of_uri

NAME = "SA_ZFGOUTFOV-20210522T000000-20210524T235959.csv"
URI = f"mast:jwstedb/{NAME}"
LAST_SECOND = 59358 + 86399 / 86400
RECORD = EngineeringRecord("SA_ZFGOUTFOV", 59356.0, LAST_SECOND, URI)
FORM = "mnemonic-yyyymmddThhmmss-yyyymmddThhmmss.csv, the end not before the start"


def read(loader: Loader, text: str, name: str = "x") -> list[object]:
    source = Source.from_bytes(name, text.encode())
    assert loader.detect(source)
    return list(loader.read(source))


# --- names ---


def test_a_uri_gives_mnemonic_and_span() -> None:
    assert record_of_uri(URI) == RECORD


def test_a_name_without_uri_gives_the_same() -> None:
    assert record_of_uri(NAME) == EngineeringRecord("SA_ZFGOUTFOV", 59356.0, LAST_SECOND)


@pytest.mark.parametrize(
    "text",
    [f" {URI}\t", f"https://mast.stsci.edu/api/v0.1/Download/file?uri={URI}", URI.replace("mast", "MAST")],
)
def test_spellings_of_one_uri_give_one_record(text: str) -> None:
    assert record_of_uri(text) == RECORD


def test_mnemonics_are_upper_case() -> None:
    """So the pipeline asks for them; MAST gives the same data for either."""
    record = record_of_uri("mast:jwstedb/sa_zattest2-20210522T000000-20210522T000001.csv")
    assert record is not None
    assert record.mnemonic == "SA_ZATTEST2"
    assert record.dataURI == "mast:jwstedb/sa_zattest2-20210522T000000-20210522T000001.csv"


WRONG = [
    "mast:jwstedb/",
    "mast:jwstedb/a.csv",
    f"mast:jwstedb/dir/{NAME}",
    URI.removesuffix(".csv"),
    f"{URI}.gz",
    URI.replace("T000000", "T240000"),
    URI.replace("20210522", "20210230"),
    URI.replace("20210522T000000", "20210525T000000"),
    URI.replace("SA_ZFGOUTFOV", ""),
    URI.replace("SA_ZFGOUTFOV", "SA ZFG"),
]


@pytest.mark.parametrize("text", [*WRONG, "", "jw02221001001_02101_00001_nrca1_cal.fits", "mast:JWST/product/a.csv"])
def test_what_is_no_name_of_engineering_data(text: str) -> None:
    assert record_of_uri(text) is None


# From the day after the last leap second to where astropy no longer knows whether there will be another.
seconds = st.integers(0, 10 * 365 * 86400).map(lambda s: datetime(2017, 1, 1, tzinfo=UTC) + timedelta(seconds=s))


@given(seconds, seconds)
def test_times_are_those_of_astropy(one: datetime, other: datetime) -> None:
    """To the microsecond."""
    time = pytest.importorskip("astropy.time")
    start, end = sorted([one, other])
    record = record_of_uri(f"A-{start:%Y%m%dT%H%M%S}-{end:%Y%m%dT%H%M%S}.csv")
    assert record is not None
    found = time.Time([start.replace(tzinfo=None), end.replace(tzinfo=None)], scale="utc").mjd
    assert [record.t_min, record.t_max] == pytest.approx(list(found), abs=1e-11, rel=0)


@given(st.text())
def test_any_text_is_a_record_or_none(text: str) -> None:
    for candidate in (text, EDB + text):
        record = record_of_uri(candidate)
        assert record is None or record.t_min <= record.t_max


# --- in lists and tables ---


def test_lines_of_a_list_of_names() -> None:
    assert read(file_list.LOADER, f"{URI}\na.fits\nmast:jwstedb/a.csv\n./{NAME}\n") == [
        RECORD,
        ProductRecord("a.fits", seen=True),
        Problem("x", 3, f"'a.csv' is no name of engineering data: it should be {FORM}", text="mast:jwstedb/a.csv"),
        EngineeringRecord("SA_ZFGOUTFOV", 59356.0, LAST_SECOND),
    ]


@pytest.mark.parametrize("uri", WRONG)
def test_a_line_in_the_engineering_database_is_never_a_product(uri: str) -> None:
    _, found, _ = read(file_list.LOADER, f"a.fits\n{uri}\nb.fits")
    assert isinstance(found, Problem)
    assert found.reason.endswith(f"is no name of engineering data: it should be {FORM}")


def test_rows_of_a_product_table() -> None:
    text = f"productFilename,dataURI\n{NAME},{URI}\n{URI},\na.fits,mast:JWST/product/a.fits\na.csv,mast:jwstedb/a.csv\n"
    first, second, third, last = read(product_list.LOADER, text)
    assert first == second == RECORD
    assert isinstance(third, ProductRecord)
    assert isinstance(last, Problem)
    assert (last.line, last.reason) == (5, f"'a.csv' is no name of engineering data: it should be {FORM}")


# --- the files themselves, as MAST answers (jwst/lib/tests/test_engdb_mast.py) ---

DATA = (
    "theTime,MJD,euvalue,sqldataType\r\n"
    "2021-05-21 23:59:59.816000,59355.9999978704,0.4641213417,real\r\n"
    "2021-05-22 00:00:00.072000,59356.0000008333,0.4641213417,real\r\n"
    "2021-05-22 00:00:01.096000,59356.0000126852,0.4641213417,real\r\n"
)


def test_the_name_of_a_file_gives_its_span() -> None:
    assert read(engineering.LOADER, DATA, f"down/{NAME}") == [RECORD]


@pytest.mark.parametrize("name", ["SA_ZATTEST2.csv", "sa_zattest2.csv", "a/SA_ZATTEST2"])
def test_else_its_rows_do(name: str) -> None:
    assert read(engineering.LOADER, DATA, name) == [
        EngineeringRecord("SA_ZATTEST2", 59355.9999978704, 59356.0000126852)
    ]


def test_a_message_may_hold_commas_and_a_row_no_time() -> None:
    text = 'theTime,MJD,euvalue,sqldataType\nt,59356.5,"a, b",varchar\nt,x,c,varchar\nt\nt,"59357,c\n'
    found = read(engineering.LOADER, text, "ICTM_EVENT_MSG.csv")
    assert found[-1] == EngineeringRecord("ICTM_EVENT_MSG", 59356.5, 59356.5)
    assert [(item.line, item.reason, item.severity) for item in found if isinstance(item, Problem)] == [
        (3, "its MJD 'x' is no time", "warning"),
        (4, "its MJD '' is no time", "warning"),
        (5, "a quoted cell does not end on its line", "warning"),
    ]


@pytest.mark.parametrize(
    ("name", "text", "reason"),
    [
        ("A.csv", DATA[:33], "no row of it has a time (MJD)"),
        ("<stdin>", DATA, "its name '<stdin>' has no mnemonic"),
        ("A-B.csv", DATA, "its name 'A-B.csv' has no mnemonic"),
    ],
)
def test_a_file_that_gives_no_span_or_no_mnemonic(name: str, text: str, reason: str) -> None:
    assert read(engineering.LOADER, text, name) == [Problem(name, None, reason)]


def test_a_file_is_recognised_by_its_header() -> None:
    for text in ("theTime,MJD\n1,2\n", "mnemonic,t_min,t_max,dataURI\n", "", "\x00"):
        source = Source.from_bytes("A.csv", text.encode())
        assert not engineering.LOADER.detect(source)
        assert list(engineering.LOADER.read(source)) == [
            Problem("A.csv", None, "no columns theTime, MJD and euvalue are in it")
        ]
    for loader in (file_list.LOADER, product_list.LOADER):
        assert not loader.detect(Source.from_bytes("A.csv", DATA.encode()))


@given(st.lists(st.text(st.characters(codec="utf-8"), max_size=40)))
def test_any_rows_give_one_record_or_one_problem(body: list[str]) -> None:
    found = read(engineering.LOADER, "\n".join(["theTime,MJD,euvalue", *body]), "A.csv")
    kept = [item for item in found if not (isinstance(item, Problem) and item.severity == "warning")]
    assert len(kept) == 1
