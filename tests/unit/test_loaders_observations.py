"""Observation searches of MAST: what their rows become, and that they are not taken for product lists."""

from __future__ import annotations

import io
import json
from collections.abc import Mapping
from typing import Any

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from jwgraph.model.records import ObservationRecord, Problem
from jwgraph_loaders import product_list
from jwgraph_loaders.base import Source
from jwgraph_loaders.observation_list import LOADER, record_of

DONE: dict[str, Any] = {
    "dataproduct_type": "image",
    "calib_level": 3,
    "obs_collection": "JWST",
    "obs_id": "jw02221-o001_t001_nircam_clear-f182m",
    "target_name": "G0.253+0.015",
    "t_min": 59819.11037467766,
    "t_max": 59819.14865302083,
    "t_obs_release": 60184.42495364,
    "proposal_id": "2221",
    "dataRights": "EXCLUSIVE_ACCESS",
    "obsid": "90458079",
}
PLANNED: dict[str, Any] = {
    "dataproduct_type": "image",
    "calib_level": -1,
    "obs_collection": "JWST",
    "obs_id": "jw02221001001_xx101_00001_nircam",
    "target_name": "G0.253+0.015",
    "t_min": None,
    "t_max": None,
    "t_obs_release": None,
    "proposal_id": "2221",
    "dataRights": None,
    "obsid": "86900436",
}
RECORDS: list[object] = [
    ObservationRecord(
        obs_id="jw02221-o001_t001_nircam_clear-f182m",
        obsid=90458079,
        program="02221",
        calib_level=3,
        t_min=59819.11037467766,
        t_max=59819.14865302083,
        t_obs_release=60184.42495364,
        mast={"target_name": "G0.253+0.015", "dataRights": "EXCLUSIVE_ACCESS", "dataproduct_type": "image"},
    ),
    ObservationRecord(
        obs_id="jw02221001001_xx101_00001_nircam",
        obsid=86900436,
        program="02221",
        calib_level=-1,
        mast={"target_name": "G0.253+0.015", "dataproduct_type": "image"},
    ),
]


def read(data: bytes | str) -> list[object]:
    source = Source.from_bytes("search", data if isinstance(data, bytes) else data.encode())
    assert LOADER.detect(source)
    return list(LOADER.read(source))


def table() -> Any:
    astropy = pytest.importorskip("astropy.table")
    rows = [DONE, PLANNED]
    fills = {key: value if isinstance(value, str) else 0.0 for key, value in DONE.items()} | {"calib_level": 0}
    made = astropy.Table({key: [fill if row[key] is None else row[key] for row in rows] for key, fill in fills.items()})
    made = astropy.Table(made, masked=True)
    for key in fills:
        made[key].mask = [row[key] is None for row in rows]
    return made


# --- the forms: written by astropy, an independent hand ---


@pytest.mark.parametrize(
    "options",
    [
        {"format": "ascii.csv"},
        {"format": "ascii.ecsv"},
        {"format": "ascii.ecsv", "delimiter": ","},
        {"format": "ascii.tab"},
        {"format": "votable"},
    ],
    ids=lambda options: " ".join(options.values()),
)
def test_tables_as_astropy_writes_them(options: dict[str, Any]) -> None:
    binary, text = io.BytesIO(), io.StringIO()
    table().write(binary if options["format"] == "votable" else text, **options)
    assert read(binary.getvalue() or text.getvalue()) == RECORDS


def test_a_table_as_astropy_prints_it() -> None:
    assert read("\n".join(table().pformat(max_width=-1))) == RECORDS


@pytest.mark.parametrize(
    "document",
    [{"status": "COMPLETE", "fields": [{"name": "obs_id"}], "data": [DONE, PLANNED]}, {"results": [DONE, PLANNED]}],
    ids=["portal", "results"],
)
def test_replies_of_the_mast_service(document: object) -> None:
    assert read(json.dumps(document)) == RECORDS


def test_a_printed_table_that_was_saved_as_csv_has_a_line_of_data_types() -> None:
    text = "obs_id,obsid,calib_level,t_min\nstr36,str8,int64,float64\njw02221-o001_t001_nircam_f182m,1,3,nan\n"
    assert read(text) == [ObservationRecord("jw02221-o001_t001_nircam_f182m", 1, "02221", 3)]


# --- rows ---


def cells(**columns: object) -> Mapping[str, object]:
    return {"obs_id": "jw02221-o001_t001_nircam_f182m"} | columns


def made(**columns: object) -> ObservationRecord:
    record = record_of(cells(**columns), "MAST", 1)
    assert isinstance(record, ObservationRecord)
    return record


@pytest.mark.parametrize(
    ("proposal_id", "program"),
    [("2221", "02221"), (2221, "02221"), (2221.0, "02221"), ("12345", "12345"), ("", "02221"), ("GO-1", "02221")],
)
def test_a_program_has_five_digits(proposal_id: object, program: str) -> None:
    assert made(proposal_id=proposal_id).program == program


def test_without_proposal_id_the_obs_id_gives_the_program() -> None:
    assert made(obs_id="jw02221001001_xx101_00001_nircam").program == "02221"
    assert made(obs_id="my_own").program == ""


@pytest.mark.parametrize(
    "nothing",
    [None, "", "--", "nan", "N/A", float("nan"), np.float64("nan"), np.ma.masked, np.ma.masked_array(1, True)],
)
def test_every_spelling_of_nothing_is_nothing(nothing: object) -> None:
    names = ("obsid", "calib_level", "t_min", "t_max", "t_obs_release", "target_name", "obs_collection")
    assert made(**dict.fromkeys(names, nothing)) == ObservationRecord("jw02221-o001_t001_nircam_f182m", program="02221")


@pytest.mark.parametrize("number", ["3", 3, 3.0, "3.0", np.int64(3), np.float32(3), np.str_("3"), np.bytes_(b"3")])
def test_numbers_of_any_type(number: object) -> None:
    record = made(obsid=number, calib_level=number, t_min=number)
    assert (record.obsid, record.calib_level, record.t_min) == (3, 3, 3.0)
    assert (type(record.obsid), type(record.t_min)) == (int, float)


def test_a_bad_number_is_left_out_with_a_warning() -> None:
    text = "obs_id,obsid,calib_level,t_min,t_max\njw1,x,7,inf,1_0\njw2,-1,1.5,2,1\njw3,9223372036854775808,,,\n"
    found = read(text)
    assert [item for item in found if not isinstance(item, Problem)] == [
        ObservationRecord("jw1"),
        ObservationRecord("jw2"),
        ObservationRecord("jw3"),
    ]
    assert [(item.line, item.reason) for item in found if isinstance(item, Problem) and item.severity == "warning"] == [
        (2, "its t_min 'inf' is not a number; it is left out"),
        (2, "its t_max '1_0' is not a number; it is left out"),
        (2, "its obsid 'x' is not a number of MAST; it is left out"),
        (2, "its calib_level '7' is not a calibration level; it is left out"),
        (3, "its t_max 1.0 is before its t_min 2.0; both are left out"),
        (3, "its obsid '-1' is not a number of MAST; it is left out"),
        (3, "its calib_level '1.5' is not a calibration level; it is left out"),
        (4, "its obsid '9223372036854775808' is not a number of MAST; it is left out"),
    ]


def test_obsid_0_is_no_number_of_mast() -> None:
    assert made(obsid=0).obsid is None


@pytest.mark.parametrize(
    ("row", "reason"),
    [
        (cells(obs_collection="HST"), "it is not a JWST Observation: its obs_collection is 'HST'"),
        (cells(obs_id="--"), "the row has no obs_id"),
        ({}, "the row has no obs_id"),
        (cells(obs_id="a/b"), "its obs_id 'a/b' is not fit to be one: it holds a directory"),
        (cells(obs_id="x" * 256), f"its obs_id '{'x' * 40}…' is not fit to be one: it is longer than 255 bytes"),
    ],
)
def test_rows_that_are_no_observation_of_jwst(row: Mapping[str, object], reason: str) -> None:
    found = record_of(row, "MAST", 7)
    assert isinstance(found, Problem)
    assert (found.source, found.line, found.reason, found.severity) == ("MAST", 7, reason, "rejected")


def test_half_of_a_surrogate_pair_does_not_get_through() -> None:
    assert made(target_name="x\ud800").mast == {"target_name": "x?"}


# --- not taken for product lists ---


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("obs_id,obsid\n", True),
        ("obs_id,calib_level\n", True),
        ("OBS_ID;OBSID\n", True),
        ("obs_id\n", False),
        ("obsid,calib_level\n", False),
        ("obs_id,obsid,productFilename\n", False),
        ("obs_id,calib_level,dataURI\n", False),
        ("obs_id,calib_level,filename\n", False),
        ("obsID,obs_collection,obs_id,calib_level\n", False),
        ("obs_id,parent_obsid,calib_level\n", False),
        ('{"data": [{"obs_id": "a", "obsid": "1"}]}', True),
        ('{"data": [{"obs_id": "a", "obsid": "1", "productFilename": "a.fits"}]}', False),
        ('{"members": [{"obs_id": "a", "obsid": "1"}]}', False),
        ('<VOTABLE><FIELD ID="a" name="obs_id"/><FIELD name=\'obsid\' datatype="char"/>', True),
        ('<VOTABLE><FIELD name="obs_id"/><FIELD name="obsid"/><FIELD name="productFilename"/>', False),
        ("obs_id obsid\n------ -----\n", True),
        ("obs_id obsid\n------ -----\n\nproductFilename\n---------------\n", False),
        ("", False),
    ],
)
def test_only_a_table_of_observations_is_taken(text: str, expected: bool) -> None:
    assert LOADER.detect(Source.from_bytes("x", text.encode())) is expected


PRODUCT_COLUMNS = """
    obsID obs_collection dataproduct_type obs_id description type dataURI productType productGroupDescription
    productSubGroupDescription productDocumentationURL project prvversion proposal_id productFilename size
    parent_obsid dataRights calib_level filters
"""


def test_a_product_list_is_never_taken() -> None:
    """The columns of MAST's own lists, as they are and cut as astropy prints them."""
    columns = PRODUCT_COLUMNS.split()
    for left in range(len(columns)):
        for right in range(left, len(columns)):
            header = ",".join([*columns[:left], "...", *columns[right:]])
            assert not LOADER.detect(Source.from_bytes("x", header.encode())), header


def test_product_lists_stay_product_lists() -> None:
    source = Source.from_bytes("x", b"obs_id,calib_level,productFilename\na,3,a.fits\n")
    assert product_list.LOADER.detect(source)
    assert not product_list.LOADER.detect(Source.from_bytes("x", b"obs_id,obsid,calib_level\n"))


def test_what_is_no_source_is_rejected() -> None:
    assert list(LOADER.read(Source.from_bytes("x", b"a,b\n"))) == [
        Problem("x", None, "no table of Observations is in it")
    ]


# --- nothing raises, nothing gets lost ---

values = st.one_of(st.none(), st.text(max_size=30), st.integers(), st.floats(), st.booleans(), st.binary(max_size=9))


@given(st.dictionaries(st.sampled_from([*DONE, "x"]), values))
def test_any_row_is_a_record_or_a_problem(row: dict[str, object]) -> None:
    found = record_of(row, "MAST", 1)
    assert isinstance(found, (ObservationRecord, Problem))
    if isinstance(found, ObservationRecord):
        assert all(value is None or abs(value) < float("inf") for value in (found.t_min, found.t_max))
        assert found.program == "" or (len(found.program) == 5 and found.program.isdecimal())


@given(st.lists(st.text(st.characters(codec="utf-8"), max_size=60)))
def test_each_line_of_a_file_is_accounted_for(body: list[str]) -> None:
    rows = [line.replace("\n", " ").replace("\r", " ") for line in body]
    found = read("\n".join(["obs_id,obsid", "jw1,1", *rows]))
    rejected = {item.line for item in found if isinstance(item, Problem)}
    kept = sum(isinstance(item, ObservationRecord) for item in found)
    listed = [n for n, row in enumerate(rows, 3) if row.strip() and not row.startswith("#")]
    assert rejected <= set(listed)
    assert kept + len({i.line for i in found if isinstance(i, Problem) and i.severity == "rejected"}) == 1 + len(listed)
