"""Forms of a name: addresses, paths, numbers, patterns; and that no text makes them fail."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from jwgraph.names.typed import completed, typed, typed_beginnings

FILE = "jw02221001001_03101_00001_nrca1_cal.fits"
L3 = "jw02221-o001_t001_nircam_clear-f187n"
URL = "https://mast.stsci.edu/api/v0.1/Download/file"


@pytest.mark.parametrize(
    ("text", "name"),
    [
        (FILE, FILE),
        (f" {FILE}\n", FILE),
        (f"mast:JWST/product/{FILE}", FILE),
        (f"MAST:JWST/product/{FILE}", FILE),
        (f"mast:{FILE}", FILE),
        (f"{URL}?uri=mast:JWST/product/{FILE}", FILE),
        (f"{URL}?bundle=x&uri=mast%3AJWST%2Fproduct%2F{FILE}", FILE),
        (f"https://example.org/data/{FILE}", FILE),
        (f"s3://stpubdata/jwst/public/{FILE}", FILE),
        (f"./data/{FILE}", FILE),
        (f"C:\\data\\{FILE}", FILE),
        ("crds://jwst_nircam_flat_0313.fits", "crds://jwst_nircam_flat_0313.fits"),
        ("http://[", "["),
        ("", ""),
        ("./", ""),
    ],
)
def test_the_name_in_a_text(text: str, name: str) -> None:
    assert typed(text).name == name


@pytest.mark.parametrize(
    ("text", "program", "number"),
    [
        ("2221", "02221", None),
        ("02221", "02221", None),
        ("99999", "99999", None),
        ("254258368", "", 254258368),
        ("9" * 40, "", None),
        ("²²", "", None),
        ("", "", None),
        (L3, "", None),
    ],
)
def test_numbers(text: str, program: str, number: int | None) -> None:
    assert (typed(text).program, typed(text).number) == (program, number)


def test_spellings() -> None:
    assert typed(L3.upper()).spellings()[1] == L3
    assert typed(FILE.upper()).spellings()[:2] == [FILE.upper(), FILE]
    assert typed("JW01234001001_0310B_00001_NRS1").obs_id == "jw01234001001_0310b_00001_nrs1"
    assert typed("My_Own").obs_id == "My_Own"
    assert "jw01234001001_0310B_00001_nrs1_cal.fits" in typed("JW01234001001_0310B_00001_NRS1_CAL.FITS").spellings()


def test_patterns_fit_any_case() -> None:
    assert typed("JW02221-o00[1-3]*").matches(L3)
    assert not typed("jw02221-o00[2-3]*").matches(L3)
    assert typed("JW02221-o00[1-3]*").beginning() == "jw02221-o00"


@pytest.mark.parametrize(
    ("text", "beginnings", "whole"),
    [
        ("jw02221-o0", ["jw02221-o0"], L3),
        ("JW02221-O0", ["JW02221-O0", "jw02221-o0"], L3),
        ("./data/jw02", ["jw02"], f"./data/{L3}"),
        ("mast:JWST/product/jw02", ["jw02"], f"mast:JWST/product/{L3}"),
        (f"{URL}?uri=mast:JWST/product/jw02", ["jw02"], f"{URL}?uri=mast:JWST/product/{L3}"),
        ("2221", ["jw02221"], L3),
        ("", [""], L3),
    ],
)
def test_completion(text: str, beginnings: list[str], whole: str) -> None:
    assert typed_beginnings(text) == beginnings
    assert completed(text, L3) == whole


@given(st.text())
def test_no_text_fails(text: str) -> None:
    word = typed(text)
    assert word.matches(text) in (True, False)
    assert word.spellings()
    assert isinstance(word.owner() + word.beginning() + word.program, str)
    assert typed_beginnings(text)
