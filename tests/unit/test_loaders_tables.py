"""Product lists that are not comma separated: ECSV, VOTable, MAST JSON, printed tables."""

from __future__ import annotations

import io
import json
from typing import Any

import pytest

from jwgraph.model import MAST_COLUMNS, ProductRecord, Reject
from loaders.mast_products import LOADER
from loaders.source import Source

NOTHING = dict.fromkeys(MAST_COLUMNS)
ROWS: list[dict[str, Any]] = [
    {
        "obsID": "1",
        "obs_id": "jw1_nrca1",
        "productFilename": "jw1_nrca1_cal.fits",
        "size": 5,
        "description": "an image",
    },
    {
        "obsID": "2",
        "obs_id": "jw1_nrca2",
        "productFilename": "jw1_nrca2_cal.fits",
        "size": None,
        "description": None,
    },
]
FILLS: dict[str, Any] = {"obsID": "", "obs_id": "", "productFilename": "", "size": 0, "description": ""}
RECORDS: list[object] = [
    ProductRecord("jw1_nrca1_cal.fits", "jw1_nrca1", 1, mast=NOTHING | {"size": 5, "description": "an image"}),
    ProductRecord("jw1_nrca2_cal.fits", "jw1_nrca2", 2, mast=NOTHING),
]


def read(data: bytes | str) -> list[object]:
    source = Source.from_bytes("list", data if isinstance(data, bytes) else data.encode())
    assert LOADER.detect(source)
    return list(LOADER.read(source))


def reason(data: bytes | str) -> str:
    (found,) = read(data)
    assert isinstance(found, Reject)
    return found.reason


# --- written by astropy: an independent hand ---


def astropy_table() -> Any:
    astropy = pytest.importorskip("astropy.table")
    table = astropy.Table({key: [row[key] or fill for row in ROWS] for key, fill in FILLS.items()}, masked=True)
    for key in FILLS:
        table[key].mask = [row[key] is None for row in ROWS]
    return table


def written(**options: Any) -> bytes:
    table = astropy_table()
    binary, text = io.BytesIO(), io.StringIO()
    table.write(binary if options["format"] == "votable" else text, **options)
    return binary.getvalue() or text.getvalue().encode()


@pytest.mark.parametrize(
    "options",
    [
        {"format": "ascii.ecsv"},
        {"format": "ascii.ecsv", "delimiter": ","},
        {"format": "ascii.csv"},
        {"format": "ascii.tab"},
        {"format": "votable"},
    ],
    ids=lambda options: " ".join(options.values()),
)
def test_tables_as_astropy_writes_them(options: dict[str, object]) -> None:
    assert read(written(**options)) == RECORDS


def test_a_table_as_astropy_prints_it() -> None:
    table = astropy_table()
    assert read("\n".join(table.pformat(max_width=-1))) == RECORDS


def test_a_votable_in_binary_form_is_rejected() -> None:
    assert reason(written(format="votable", tabledata_format="binary2")) == (
        "its rows are in BINARY2 form; save it in TABLEDATA form"
    )


# --- JSON ---


@pytest.mark.parametrize(
    "document",
    [
        {"status": "COMPLETE", "msg": "", "data": ROWS, "fields": [{"name": "obsID", "type": "string"}]},
        {"products": ROWS},
        ROWS,
    ],
    ids=["portal", "mission search", "bare"],
)
def test_replies_of_the_mast_service(document: object) -> None:
    assert read(json.dumps(document)) == RECORDS


def test_rows_of_a_json_list_are_counted_from_1() -> None:
    assert read('{"data": [{"productFilename": "a.fits"}, 7, {"productFilename": "b.fits", "size": NaN}]}') == [
        ProductRecord("a.fits", mast=NOTHING),
        Reject("list", 2, "the row has 1 cells, the header 2", text="7"),
        ProductRecord("b.fits", mast=NOTHING),
    ]


def test_half_of_a_surrogate_pair_does_not_get_through() -> None:
    (record,) = read('[{"productFilename": "a.fits", "description": "x\\ud800"}]')
    assert isinstance(record, ProductRecord)
    assert record.mast["description"] == "x?"


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        (
            '{"data": [{"productFilename": "a.fits"',
            "the JSON is broken at line 1, column 39: Expecting ',' delimiter",
        ),
        ('{"productFilename": "a.fits"}', "it holds no rows: no list under data or products or results"),
        (
            '{"data": [{"a": 1}], "x": {"filename": 1}}',
            "no column holds file names (productFilename, filename or dataURI); it has a",
        ),
        ('[{"dataURI": ' + "[" * 100_000, "the JSON is nested too deeply"),
    ],
)
def test_json_that_cannot_be_read(text: str, expected: str) -> None:
    assert reason(text) == expected


# --- VOTable ---


def votable(body: str, before: str = "") -> str:
    fields = '<FIELD name="productFilename" datatype="char"/><FIELD name="size"><VALUES null="-1"/></FIELD>'
    return (
        f'<?xml version="1.0"?>{before}<VOTABLE xmlns="http://www.ivoa.net/xml/VOTable/v1.3"><RESOURCE>\n'
        f"<TABLE>{fields}<DATA>\n{body}\n</DATA></TABLE></RESOURCE></VOTABLE>"
    )


def test_rows_of_a_votable_are_named_by_line() -> None:
    rows = "<TR><TD>a.fits</TD><TD>-1</TD></TR>\n<TR><TD>b.fits</TD></TR>\n<TR><TD/><TD>1</TD></TR>"
    rows += "\n<TR><TD>c.fits</TD><TD>1</TD><TD>2</TD><TD>3</TD></TR>"
    assert read(votable(f"<TABLEDATA>{rows}</TABLEDATA>")) == [
        ProductRecord("a.fits", mast=NOTHING),
        Reject("list", 4, "the row has 1 cells, the header 2", text="b.fits"),
        Reject("list", 5, "the row has neither a file name nor a dataURI", text=" 1"),
        Reject("list", 6, "the row has 3 cells, the header 2", text="c.fits 1 2"),
    ]


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        (votable("<TABLEDATA>"), "the XML is broken at line 4, column 3: mismatched tag"),
        (votable("<TABLEDATA/>"), "it holds no rows"),
        (
            votable('<BINARY><STREAM href="file:///etc/passwd"/></BINARY>'),
            "its rows are in BINARY form; save it in TABLEDATA form",
        ),
        (
            votable("<TABLEDATA/>").replace("<TABLE>", "<TABLE><TR></TR></TABLE><TABLE>"),
            "it holds a second table; save the product list by itself",
        ),
        (
            votable("<TABLEDATA/>", '<!DOCTYPE x [<!ENTITY a "aaaa">]>'),
            "it declares entities, which no VOTable needs",
        ),
        (votable("<TABLEDATA/>").replace('"1.0"', '"1.0" encoding="utg-8"'), "unknown encoding: utg-8"),
        (
            votable("<TABLEDATA><TR><TD>a</TD></TR></TABLEDATA>").replace("productFilename", "s_ra"),
            "no column holds file names (productFilename, filename or dataURI); it has s_ra, size",
        ),
        (
            '<VOTABLE><RESOURCE><INFO name="QUERY_STATUS" value="ERROR">no</INFO></RESOURCE></VOTABLE>',
            "it is an error message of the service, not a table",
        ),
        (
            votable("<TABLEDATA><TR><TD>" + "x" * 2_000_000 + "</TD></TR></TABLEDATA>"),
            "the row of line 3 is longer than 1048576 characters",
        ),
        (votable('<TABLEDATA><TR x="' + "x" * 4_000_000), "a tag is longer than 1048576 bytes"),
    ],
    ids=[
        "broken",
        "empty",
        "stream-href",
        "second-table",
        "entity",
        "encoding",
        "other-columns",
        "error",
        "long-row",
        "long-tag",
    ],
)
def test_votables_that_cannot_be_read(text: str, expected: str) -> None:
    assert reason(text) == expected


# --- printed tables ---

NOTEBOOK = """\
products length: 193
 obsID            obs_id        ...   productFilename  size
-------- ---------------------- ... ------------------ ----
90458079              jw1_nrca1 ... jw1_nrca1_cal.fits    5
     ...                    ... ...                ...  ...
Downloading URL https://mast.stsci.edu/api/v0.1/Download/file to jw1_nrca1_cal.fits ... [Done]
   Local Path     Status
---------------- --------
  ./jw1_cal.fits COMPLETE
"""


def test_the_output_of_a_notebook() -> None:
    """Rows are read, and no line is passed over in silence."""
    found = read(NOTEBOOK)
    assert found[1] == ProductRecord("jw1_nrca1_cal.fits", "jw1_nrca1", 90458079, mast=NOTHING | {"size": 5})
    others = [item for item in found if isinstance(item, Reject)]
    assert [(item.line, item.kind) for item in others] == [(line, "warning") for line in (1, 5, 6, 7, 8, 9)]
    assert others[1].reason == "the table was printed with rows left out here"
    assert others[0].reason == "the line is not part of a table of files"


def test_a_bad_line_and_a_blank_one_in_a_printed_table() -> None:
    assert read(b"\nproductFilename\n---------------\n\n\xff\n         a.fits") == [
        Reject("list", 5, "byte 1 of the line is not UTF-8"),
        ProductRecord("a.fits"),
    ]


def test_a_second_table_has_its_own_header() -> None:
    table = "productFilename\n---------------\n         a.fits\n"
    assert read(table + table) == [ProductRecord("a.fits"), ProductRecord("a.fits")]
