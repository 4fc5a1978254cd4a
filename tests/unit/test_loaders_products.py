"""What a row of a product list is read to, by example."""

from __future__ import annotations

import pytest

from jwgraph.model.records import Problem, ProductRecord
from jwgraph_loaders.base import Source
from jwgraph_loaders.product_list import LOADER
from jwgraph_loaders.text import MAX_LINE

MAST = (
    "obsID,obs_collection,dataproduct_type,obs_id,description,type,dataURI,productType,productGroupDescription,"
    "productSubGroupDescription,productDocumentationURL,project,prvversion,proposal_id,productFilename,size,"
    "parent_obsid,dataRights,calib_level"
)
ROW = (
    "90220705,JWST,image,jw02221-o001_t001_miri_f2550w,target   (L3) : segmentation map,D,"
    "mast:JWST/product/jw02221-o001_t001_miri_f2550w_segm.fits,AUXILIARY,Minimum Recommended Products,SEGM,"
    "--,CALJWST,1.6.2,2221,jw02221-o001_t001_miri_f2550w_segm.fits,7153920,90220706,EXCLUSIVE_ACCESS,3"
)
RECORD = ProductRecord(
    filename="jw02221-o001_t001_miri_f2550w_segm.fits",
    obs_id="jw02221-o001_t001_miri_f2550w",
    obsid=90220705,
    parent_obsid=90220706,
    calib_level=3,
    mrp=True,
    mast={
        "dataURI": "mast:JWST/product/jw02221-o001_t001_miri_f2550w_segm.fits",
        "size": 7153920,
        "productType": "AUXILIARY",
        "productSubGroupDescription": "SEGM",
        "dataproduct_type": "image",
        "prvversion": "1.6.2",
        "dataRights": "EXCLUSIVE_ACCESS",
        "filters": None,
    },
)


def read(text: str | bytes) -> list[object]:
    data = text if isinstance(text, bytes) else text.encode()
    source = Source.from_bytes("list.csv", data)
    assert LOADER.detect(source)
    return list(LOADER.read(source))


def one(text: str) -> ProductRecord:
    (record,) = read(text)
    assert isinstance(record, ProductRecord)
    return record


def problem(text: str | bytes) -> tuple[int | None, str, str]:
    (found,) = read(text)
    assert isinstance(found, Problem)
    return found.line, found.severity, found.reason


def test_a_row_of_a_mast_product_list() -> None:
    assert read(f"{MAST}\n{ROW}\n") == [RECORD]


@pytest.mark.parametrize(
    "text",
    [
        f"\ufeff{MAST}\n{ROW}\n",
        f"{MAST}\r\n{ROW}\r\n",
        f"{MAST}\n{ROW}",
        f"{MAST}\n\n{ROW}\n\n",
        f"# a comment\n{MAST}\n{ROW}\n",
        f"{MAST}\n{ROW}\n".replace(",", "\t"),
        f"{MAST}\n{ROW}\n".replace(",", ";"),
        f"{MAST}\n{ROW}\n".replace("target   (L3) : segmentation map", '"target   (L3) : segmentation map"'),
        f"{MAST.upper()}\n{ROW}\n",
        f"{MAST}\n" + ",".join(["str8", "str4"] + ["int64"] * 17) + f"\n{ROW}\n",
    ],
    ids=[
        "bom",
        "crlf",
        "unended",
        "blank-lines",
        "comment",
        "tab",
        "semicolon",
        "quoted",
        "upper-case",
        "data-types",
    ],
)
def test_the_same_row_written_otherwise(text: str) -> None:
    assert read(text) == [RECORD]


@pytest.mark.parametrize("null", ["", "--", "None", "nan", "null", '"""null"""', "N/A", "masked"])
def test_every_spelling_of_null(null: str) -> None:
    assert one(f"productFilename,obs_id,size,calib_level,dataURI\na.fits,{null},{null},{null},{null}\n") == (
        ProductRecord("a.fits", mast=dict.fromkeys(RECORD.mast))
    )


def test_a_list_of_names_and_identifiers_is_enough() -> None:
    """The pairs of a download log; there are no columns that describe the files."""
    assert one("obs_id,filename,commit\njw1_nrca1,jw1_nrca1_cal.fits,0a1e\n") == (
        ProductRecord("jw1_nrca1_cal.fits", "jw1_nrca1")
    )


def test_the_uri_names_the_file_where_nothing_else_does() -> None:
    assert one("dataURI\nmast:JWST/product/a.fits\n").filename == "a.fits"
    assert one("productFilename,dataURI\n--,mast:jwst/product/a.fits\n").filename == "a.fits"


def test_the_mission_search_of_mast_has_other_column_names() -> None:
    record = one("dataset,filename,uri,size\njw1,a.fits,mast:JWST/product/a.fits,12\n")
    assert (record.filename, record.obs_id, record.mast["size"]) == ("a.fits", "jw1", 12)
    assert record.mast["dataURI"] == "mast:JWST/product/a.fits"


def test_the_name_of_mast_comes_before_an_alias() -> None:
    assert one("filename,productFilename\nb.fits,a.fits\n").filename == "a.fits"


def test_without_a_flag_column_nothing_is_said_of_the_minimum_recommended_products() -> None:
    assert one("productFilename\na.fits\n").mrp is None
    assert one("productFilename,productGroupDescription\na.fits,\n").mrp is False


def test_parent_0_means_no_parent_and_minus_1_means_planned() -> None:
    record = one("productFilename,parent_obsid,calib_level\na.fits,0,-1\n")
    assert (record.parent_obsid, record.calib_level) == (None, -1)


def test_a_whole_number_may_be_written_with_a_point() -> None:
    assert one("productFilename,obsID\na.fits,90220705.0\n").obsid == 90220705


@pytest.mark.parametrize("size", ["many", "1e400", "9223372036854775808", "-9223372036854775809", "1.5"])
def test_an_invalid_number_is_left_out_with_a_warning(size: str) -> None:
    record, warning = read(f"productFilename,size\na.fits,{size}\n")
    assert isinstance(record, ProductRecord)
    assert record.mast["size"] is None
    reason = f"'{size}' stands where a whole number should; it is left out"
    assert warning == Problem("list.csv", 2, reason, "warning", f"a.fits,{size}")


@pytest.mark.parametrize(
    ("row", "reason"),
    [
        ("a.fits,x", "the row has 2 cells, the header 3"),
        ("a.fits,x,JWST,y", "the row has 4 cells, the header 3"),
        ('"a.fits,x,JWST', "a quoted cell does not end on its line"),
        (",x,JWST", "the row has neither a file name nor a dataURI"),
        ("a.fits,x,HST", "it is not a JWST product: its obs_collection is 'HST'"),
        (
            "a\x00.fits,x,JWST",
            "'a\\x00.fits' is not a file name that can be kept: it holds a character that does not print",
        ),
        (
            "a.fits\x1b,x,JWST",
            "'a.fits\\x1b' is not a file name that can be kept: it holds a character that does not print",
        ),
        ("jw1.,x,JWST", "'jw1.' is not a file name that can be kept: the name is cut, it has no extension"),
        ("dir/..,x,JWST", "'..' is not a file name that can be kept: it names a directory"),
        ("a\\b.fits,x,JWST", "'a\\b.fits' is not a file name that can be kept: it holds a directory"),
        (
            "é" * 128 + ",x,JWST",
            f"{'é' * 128!r} is not a file name that can be kept: it is longer than 255 bytes",
        ),
        (
            "a.fits,a\x07b,JWST",
            "its obs_id 'a\\x07b' is not fit to be one: it holds a character that does not print",
        ),
    ],
)
def test_a_bad_row_is_rejected_by_its_line_and_the_others_are_read(row: str, reason: str) -> None:
    found = read(f"productFilename,obs_id,obs_collection\n{row}\nb.fits,y,JWST\n")
    assert isinstance(found[0], Problem)
    assert (found[0].line, found[0].severity, found[0].reason) == (2, "rejected", reason)
    assert found[0].text.isprintable()
    assert found[1:] == [ProductRecord("b.fits", "y")]


def test_a_row_of_dots_says_that_rows_are_missing() -> None:
    assert problem("productFilename,obs_id\n...,...\n") == (
        2,
        "warning",
        "the table was printed with rows left out here",
    )


def test_bytes_that_are_not_utf_8_cost_their_line_only() -> None:
    found = read(b"productFilename\na.fits\n\xff.fits\nb.fits\n")
    assert found == [
        ProductRecord("a.fits"),
        Problem("list.csv", 3, "byte 1 of the line is not UTF-8"),
        ProductRecord("b.fits"),
    ]


def test_a_line_that_is_too_long_costs_itself_only() -> None:
    found = read("productFilename\na.fits\n" + "x" * (MAX_LINE + 1) + "\nb.fits\n")
    assert found[0] == ProductRecord("a.fits")
    assert isinstance(found[1], Problem)
    assert (found[1].line, found[1].reason) == (3, "the line is longer than 1048576 bytes")
    assert found[2:] == [ProductRecord("b.fits")]


@pytest.mark.parametrize(
    "header",
    [
        "obs_id,obsid,calib_level,dataURL\n",
        "FILENAME,PROGRAM,OBS_ID,VISITGRP,EXP_TYPE,PNTGTYPE\n",
        "filename|program|obs_num\n",
        "one,two\n",
        "",
    ],
    ids=["observations", "comma-pool", "pool", "other", "empty"],
)
def test_a_table_of_something_else_is_no_product_list(header: str) -> None:
    assert not LOADER.detect(Source.from_bytes("x", header.encode()))
