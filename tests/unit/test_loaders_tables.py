"""Tables: product lists that are not comma separated; reference files and engineering data in CSV."""

from __future__ import annotations

import io
import json
from typing import Any

import pytest

from jwgraph.model.records import MAST_COLUMNS, EngineeringRecord, Problem, ProductRecord, ReferenceRecord
from jwgraph_loaders.base import Source
from jwgraph_loaders.engineering import ENGINEERING
from jwgraph_loaders.find import detect
from jwgraph_loaders.product_list import LOADER
from jwgraph_loaders.reference_table import REFERENCES
from jwgraph_loaders.small_table import TableLoader

NOTHING = dict.fromkeys(MAST_COLUMNS)
ROWS: list[dict[str, Any]] = [
    {
        "obsID": "1",
        "obs_id": "jw1_nrca1",
        "productFilename": "jw1_nrca1_cal.fits",
        "size": 5,
        "dataRights": "an image",
    },
    {
        "obsID": "2",
        "obs_id": "jw1_nrca2",
        "productFilename": "jw1_nrca2_cal.fits",
        "size": None,
        "dataRights": None,
    },
]
FILLS: dict[str, Any] = {"obsID": "", "obs_id": "", "productFilename": "", "size": 0, "dataRights": ""}
RECORDS: list[object] = [
    ProductRecord("jw1_nrca1_cal.fits", "jw1_nrca1", 1, mast=NOTHING | {"size": 5, "dataRights": "an image"}),
    ProductRecord("jw1_nrca2_cal.fits", "jw1_nrca2", 2, mast=NOTHING),
]


def read(data: bytes | str) -> list[object]:
    source = Source.from_bytes("list", data if isinstance(data, bytes) else data.encode())
    assert LOADER.detect(source)
    return list(LOADER.read(source))


def reason(data: bytes | str) -> str:
    (found,) = read(data)
    assert isinstance(found, Problem)
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
        Problem("list", 2, "the row has 1 cells, the header 2", text="7"),
        ProductRecord("b.fits", mast=NOTHING),
    ]


def test_half_of_a_surrogate_pair_does_not_get_through() -> None:
    (record,) = read('[{"productFilename": "a.fits", "dataRights": "x\\ud800"}]')
    assert isinstance(record, ProductRecord)
    assert record.mast["dataRights"] == "x?"


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
        Problem("list", 4, "the row has 1 cells, the header 2", text="b.fits"),
        Problem("list", 5, "the row has neither a file name nor a dataURI", text=" 1"),
        Problem("list", 6, "the row has 3 cells, the header 2", text="c.fits 1 2"),
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
    others = [item for item in found if isinstance(item, Problem)]
    assert [(item.line, item.severity) for item in others] == [(line, "warning") for line in (1, 5, 6, 7, 8, 9)]
    assert others[1].reason == "the table was printed with rows left out here"
    assert others[0].reason == "the line is not part of a table of files"


def test_a_bad_line_and_a_blank_one_in_a_printed_table() -> None:
    assert read(b"\nproductFilename\n---------------\n\n\xff\n         a.fits") == [
        Problem("list", 5, "byte 1 of the line is not UTF-8"),
        ProductRecord("a.fits"),
    ]


def test_a_second_table_has_its_own_header() -> None:
    table = "productFilename\n---------------\n         a.fits\n"
    assert read(table + table) == [ProductRecord("a.fits"), ProductRecord("a.fits")]


# --- reference files and engineering data: recognised by exactly their columns ---

REFERENCE_HEADER = "productFilename,keyword,reference,context\n"
ENGINEERING_HEADER = "mnemonic,t_min,t_max,dataURI\n"
FLAT = "crds://jwst_nircam_flat_0313.fits"


def rows(loader: TableLoader, text: str | bytes) -> list[object]:
    source = Source.from_bytes("table", text if isinstance(text, bytes) else text.encode())
    assert loader.detect(source)
    return list(loader.read(source))


def reasons(loader: TableLoader, text: str) -> list[tuple[int | None, str]]:
    found = rows(loader, text)
    assert all(isinstance(item, Problem) for item in found)
    return [(item.line, item.reason) for item in found if isinstance(item, Problem)]


def test_a_table_of_reference_files() -> None:
    text = f"{REFERENCE_HEADER}a_cal.fits,R_FLAT,{FLAT},jwst_0955.pmap\na_cal.fits,R_DARK,crds://d.fits,\n"
    assert rows(REFERENCES, text) == [
        ReferenceRecord("a_cal.fits", "R_FLAT", FLAT, "jwst_0955.pmap"),
        ReferenceRecord("a_cal.fits", "R_DARK", "crds://d.fits"),
    ]


def test_no_reference_is_no_row_and_no_complaint() -> None:
    assert rows(REFERENCES, f"{REFERENCE_HEADER}a.fits,R_FLAT,N/A,c\na.fits,R_DARK,,c\na.fits,R_GAIN,None,c\n") == []


@pytest.mark.parametrize("reference", [FLAT, FLAT.removeprefix("crds://"), FLAT.replace("crds", "CRDS")])
def test_with_and_without_scheme_it_is_the_same_reference_file(reference: str) -> None:
    text = f"{REFERENCE_HEADER}a.fits,r_flat,{reference},N/A\n"
    assert rows(REFERENCES, text) == [ReferenceRecord("a.fits", "R_FLAT", FLAT)]


def test_a_table_of_engineering_data() -> None:
    text = f"{ENGINEERING_HEADER}A_B,59819,59820.5,mast:jwstedb/a.csv\nA_B,59819.25,59819.25,\n"
    assert rows(ENGINEERING, text) == [
        EngineeringRecord("A_B", 59819.0, 59820.5, "mast:jwstedb/a.csv"),
        EngineeringRecord("A_B", 59819.25, 59819.25),
    ]


@pytest.mark.parametrize(
    "before",
    ["", "\ufeff", "# %ECSV 1.0\n# ---\n# delimiter: ','\n", "\n\n"],
    ids=["plain", "byte order mark", "ECSV", "blank lines"],
)
@pytest.mark.parametrize("end", ["\n", "\r\n"], ids=["LF", "CRLF"])
def test_comments_and_blank_lines_are_no_rows(before: str, end: str) -> None:
    text = f"{before}{ENGINEERING_HEADER}\n# a comment\nA,1,2,\n".replace("\n", end)
    assert rows(ENGINEERING, text) == [EngineeringRecord("A", 1.0, 2.0)]


def test_each_row_that_cannot_be_read_is_named_by_its_line() -> None:
    text = (
        f"# first\n{ENGINEERING_HEADER}A,x,2,\nA,nan,2,\nA,1,inf,\nA,,2,\nA,1_0,20,\nA,2,1,\n"
        f',1,2,\nA\x1b,1,2,\n{"B" * 256},1,2,\nA,1,2,u\x1b\nA,1,2\n"A,1,2,\n'
    )
    assert reasons(ENGINEERING, text) == [
        (3, "t_min 'x' is no time (MJD)"),
        (4, "t_min 'nan' is no time (MJD)"),
        (5, "t_max 'inf' is no time (MJD)"),
        (6, "t_min '' is no time (MJD)"),
        (7, "t_min '1_0' is no time (MJD)"),
        (8, "t_max 1 is before t_min 2"),
        (9, "the mnemonic '' cannot be kept: it is empty"),
        (10, "the mnemonic 'A\\x1b' cannot be kept: it holds a character that does not print"),
        (11, f"the mnemonic '{'B' * 160}…' cannot be kept: it is longer than 255 bytes"),
        (12, "the dataURI 'u\\x1b' holds a character that does not print"),
        (13, "the row has 3 cells, the header 4"),
        (14, "a quoted cell does not end on its line"),
    ]


def test_mnemonics_are_upper_case() -> None:
    """As keywords are: one mnemonic is one node, however it is written."""
    assert rows(ENGINEERING, f"{ENGINEERING_HEADER}sa_x,1,2,\n") == [EngineeringRecord("SA_X", 1.0, 2.0)]


def test_ecsv_has_spaces_between_its_cells_unless_it_says_otherwise() -> None:
    text = f'# %ECSV 1.0\n# ---\nproductFilename keyword reference context\na.fits R_FLAT {FLAT} ""\n'
    assert rows(REFERENCES, text) == [ReferenceRecord("a.fits", "R_FLAT", FLAT)]


def test_columns_stand_in_any_order_and_others_are_ignored() -> None:
    assert rows(REFERENCES, f"size,context,keyword,reference,productFilename\n5,,R_FLAT,{FLAT},a.fits\n") == [
        ReferenceRecord("a.fits", "R_FLAT", FLAT)
    ]
    assert rows(ENGINEERING, "t_min,mnemonic,t_max,dataURI\n1,A,2,\n") == [EngineeringRecord("A", 1.0, 2.0)]


def test_names_that_cannot_be_kept() -> None:
    text = (
        f"{REFERENCE_HEADER}dir/a.fits,R_FLAT,{FLAT},c\n,R_FLAT,{FLAT},c\na.fits,,{FLAT},c\n"
        f"a.fits,R_FLAT,crds://,c\na.fits,R_FLAT,crds://x/y.fits,c\na.fits,R_FLAT,{FLAT},c\x1b\n"
    )
    assert reasons(REFERENCES, text) == [
        (2, "the file name 'dir/a.fits' cannot be kept: it holds a directory"),
        (3, "the file name '' cannot be kept: it is empty"),
        (4, "the keyword '' cannot be kept: it is empty"),
        (5, "the reference file '' cannot be kept: it is empty"),
        (6, "the reference file 'x/y.fits' cannot be kept: it holds a directory"),
        (7, "the context 'c\\x1b' cannot be kept: it holds a character that does not print"),
    ]


def test_rows_after_a_bad_one_are_read() -> None:
    huge = f"a.fits,R_FLAT,{'x' * 200_000},c\n"
    found = rows(REFERENCES, f"{REFERENCE_HEADER}{huge}".encode() + b"\xff\n" + f"a.fits,R_FLAT,{FLAT},c\n".encode())
    assert [type(item) for item in found] == [Problem, Problem, ReferenceRecord]


@pytest.mark.parametrize(
    "header",
    [
        "productFilename,keyword,reference\n",
        "mnemonic,t_min,t_max\n",
        "productFilename|keyword|reference|context\n",
        "",
        "# productFilename,keyword,reference,context\n",
    ],
)
def test_other_columns_are_another_table(header: str) -> None:
    source = Source.from_bytes("table", header.encode())
    assert not REFERENCES.detect(source)
    assert not ENGINEERING.detect(source)


@pytest.mark.parametrize("head", [b"a\rb\n", b"\xff\xd8\xff\r\x00", b'"open\n', b"\x00,\r,\n"])
def test_what_is_no_csv_is_no_table(head: bytes) -> None:
    """A carriage return anywhere in the first line, as pictures and old text files have it, is no fault."""
    source = Source.from_bytes("file", head)
    assert not REFERENCES.detect(source)
    assert isinstance(detect.detect(source), Problem)


def test_the_installed_loaders_choose_these_tables() -> None:
    """A product list is recognised by its column of file names, which the first of the two tables has too."""
    for loader, header in ((REFERENCES, REFERENCE_HEADER), (ENGINEERING, ENGINEERING_HEADER)):
        found: object = detect.detect(Source.from_bytes("table.csv", header.encode()))
        assert found is loader
