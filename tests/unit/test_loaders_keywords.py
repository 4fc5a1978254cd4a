"""Rows of MAST's keyword services: what a row says of its file, and which file that is."""

from __future__ import annotations

import pytest

from jwgraph.model.records import HeaderRecord, Problem
from jwgraph_loaders import product_list
from jwgraph_loaders.base import Source
from jwgraph_loaders.keyword_list import LOADER

A = "jw02733001001_02101_00001_nrca1"
ASN = "jw02733-o001_20240710t161010_image2_00001_asn.json"


def read(text: str) -> list[object]:
    source = Source.from_bytes("keywords.csv", text.encode())
    assert LOADER.detect(source)
    assert not product_list.LOADER.detect(source)
    return list(LOADER.read(source))


def row(**columns: str) -> list[object]:
    given = {"filename": f"{A}_cal.fits", "fileSetName": "jw02733001001_02101_00001"} | columns
    return read(",".join(given) + "\n" + ",".join(given.values()) + "\n")


def test_a_row_gives_what_a_header_does() -> None:
    columns = {
        "program": "2733",
        "asntable": ASN,
        "cal_ver": "1.13.3",
        "filter": "F090W",
        "date": "/Date(1784201204594)/",
    }
    columns |= {"expstart": "59733.5", "expend": "59733.6", "obs_id": "V02733001001P0000000002101"}
    cards = {"cal_ver": "1.13.3", "date": "2026-07-16T11:26:44.594", "filter": "F090W"}
    assert row(**columns, dataURI=f"mast:JWST/product/{A}_rate.fits", fileSize="5") == [
        HeaderRecord(f"{A}_cal.fits", "02733", asntable=ASN, t_min=59733.5, t_max=59733.6, cards=cards, seen=False)
    ]


def test_other_names_of_filters_are_left_out() -> None:
    assert row(filter="NC.F200W") == [HeaderRecord(f"{A}_cal.fits", seen=False)]


@pytest.mark.parametrize(
    ("name", "uri", "level", "found"),
    [
        (f"{A}_cal.fit", "", "2b", f"{A}_cal.fits"),
        (f"{A}_rate.fit", f"mast:JWST/product/{A}_cal.fits", "2b", f"{A}_cal.fits"),
        (f"{A}_rate.fit", f"mast:JWST/product/{A}_cal.fits", "2a", f"{A}_rate.fits"),
        (f"{A}_rate.fits", f"mast:JWST/product/{A}_cal.fits", "2b", f"{A}_rate.fits"),
    ],
)
def test_the_level_says_which_file_a_cut_name_is(name: str, uri: str, level: str, found: str) -> None:
    (record,) = row(filename=name, dataURI=uri, productLevel=level)
    assert isinstance(record, HeaderRecord)
    assert record.filename == found


@pytest.mark.parametrize(
    ("columns", "severity", "reason"),
    [
        ({"filename": f"{A}_rate.fit", "productLevel": "2b"}, "rejected", "the name is cut, JWST files end in .fits"),
        ({"filename": ""}, "rejected", "it is empty"),
        ({"telescop": "HST"}, "rejected", "it is not a JWST file"),
        ({"obs_collection": "HST"}, "rejected", "it is not a JWST product"),
        ({"expstart": "soon", "expend": "later"}, "rejected", "the card EXPSTART is no time"),
        ({"program": "many"}, "warning", "PROGRAM is no number"),
        ({"date": "/Date(999999999999999)/", "program": "x"}, "warning", "PROGRAM is no number"),
    ],
)
def test_bad_rows(columns: dict[str, str], severity: str, reason: str) -> None:
    problem = row(**columns)[-1]
    assert isinstance(problem, Problem)
    assert (problem.source, problem.line, problem.severity) == ("keywords.csv", 2, severity)
    assert reason in problem.reason
