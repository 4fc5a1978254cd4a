"""Tables of links that no name shows."""

from __future__ import annotations

import json

import pytest
from hypothesis import given
from hypothesis import strategies as st

from jwgraph.model.records import LinkRecord, Problem
from jwgraph.model.vocabulary import TABLE_RELATIONS
from jwgraph_loaders.base import Source
from jwgraph_loaders.link_table import LINKS
from jwgraph_loaders.reference_table import REFERENCES

PRE_IMAGE = LinkRecord("hst_pre.fits", "jw02736007001_03103_00001_nrs1_s2d.fits", "pre_image")
CHART = LinkRecord("chart.png", "jw02736-o007_t001_nirspec_f170lp-g235m", "finding_chart")
ROWS = [
    "hst_pre.fits,jw02736007001_03103_00001_nrs1_s2d.fits,pre_image",
    "chart.png,jw02736-o007_t001_nirspec_f170lp-g235m,finding_chart",
]
HEADER = "productFilename,linked_to,relation"


def read(*lines: str) -> list[object]:
    source = Source.from_bytes("links", "\n".join(lines).encode())
    assert LINKS.detect(source)
    return list(LINKS.read(source))


def test_a_table_of_links() -> None:
    assert read(HEADER, *ROWS) == [PRE_IMAGE, CHART]


ECSV = [
    "# %ECSV 1.0",
    "# ---",
    "# delimiter: ','",
    "# datatype:",
    "# - {name: productFilename, datatype: string}",
    "# schema: astropy-2.0",
]


def test_ecsv_with_commas_and_with_spaces() -> None:
    assert read(*ECSV, HEADER, *ROWS) == [PRE_IMAGE, CHART]
    spaced = [line for line in ECSV if "delimiter" not in line]
    rows = [row.replace(",", " ") for row in (HEADER, *ROWS)]
    assert read(*spaced, *rows, 'a.fits b "Pre image"') == [PRE_IMAGE, CHART, LinkRecord("a.fits", "b", "pre_image")]


def test_columns_stand_in_any_order_and_others_are_ignored() -> None:
    assert read("note,relation,linked_to,productFilename", "x,pre_image,b,a.fits") == [
        LinkRecord("a.fits", "b", "pre_image")
    ]


def test_other_forms_of_tables() -> None:
    row = {"productFilename": "a.fits", "linked_to": "b", "relation": "pre_image"}
    assert read(json.dumps([row])) == [LinkRecord("a.fits", "b", "pre_image")]
    assert read(HEADER.replace(",", "\t"), "a.fits\tb\tpre_image") == [LinkRecord("a.fits", "b", "pre_image")]


@pytest.mark.parametrize("relation", TABLE_RELATIONS)
def test_a_relation_in_any_spelling(relation: str) -> None:
    for spelling in (relation, relation.upper(), relation.replace("_", "-").title(), relation.replace("_", "  ")):
        assert read(HEADER, f"a.fits,b,{spelling}") == [LinkRecord("a.fits", "b", relation)]


def test_paths_and_uris_are_reduced_to_their_names() -> None:
    assert read(HEADER, "mast:JWST/product/a.fits,dir/b.fits,pre_image") == [
        LinkRecord("a.fits", "b.fits", "pre_image")
    ]


@pytest.mark.parametrize(
    ("row", "reason"),
    [
        (
            "a.fits,b,made_of",
            "'made_of' is not a relation that a table of links may have; it may have "
            "pre_image, confirmation_image, finding_chart",
        ),
        ("a.fits,b,", "the row has no relation"),
        (",b,pre_image", "the row has no productFilename"),
        ("a.fits,--,pre_image", "the row has no linked_to"),
        ("a.fits,mast:JWST/product/a.fits,pre_image", "'a.fits' is linked to itself"),
        ("dir/,b,pre_image", "the productFilename '' cannot be kept: it is empty"),
        (
            "a.fits,b\x1b,pre_image",
            "the linked_to 'b\\x1b' cannot be kept: it holds a character that does not print",
        ),
        ("a.fits,b", "the row has 2 cells, the header 3"),
        ('a.fits,"b,pre_image', "a quoted cell does not end on its line"),
    ],
)
def test_a_row_that_is_no_link(row: str, reason: str) -> None:
    first, found, last = read(HEADER, ROWS[0], row, ROWS[1])
    assert (first, last) == (PRE_IMAGE, CHART)
    assert isinstance(found, Problem)
    assert (found.line, found.reason, found.severity) == (3, reason, "rejected")


@pytest.mark.parametrize(
    "header",
    [
        "productFilename,linked_to",
        "productFilename,obs_id,calib_level,dataURI",
        "productFilename,keyword,reference,context",
        "# productFilename,linked_to,relation",
        "productfilename,linked_to,relation",
    ],
)
def test_other_columns_are_another_table(header: str) -> None:
    assert not LINKS.detect(Source.from_bytes("x", header.encode()))


def test_it_is_no_table_of_reference_files() -> None:
    source = Source.from_bytes("x", HEADER.encode())
    assert not REFERENCES.detect(source)
    assert list(REFERENCES.read(source)) == [
        Problem("x", None, "it has not the columns productFilename, keyword, reference, context")
    ]


@given(st.lists(st.text(st.characters(codec="utf-8"), max_size=60)))
def test_each_row_is_a_link_or_a_problem(body: list[str]) -> None:
    rows = [line.replace("\n", " ").replace("\r", " ") for line in body]
    found = read(HEADER, ROWS[0], *rows)
    assert all(isinstance(item, (LinkRecord, Problem)) for item in found)
    assert len(found) == 1 + sum(bool(row.strip()) and not row.startswith("#") for row in rows)
