"""Words chosen from a list: commas, case, marks, beginnings, and what an unknown word says."""

from __future__ import annotations

from pathlib import Path

import pytest

from jwgraph.answers.arguments import words
from jwgraph.answers.filters import checked
from jwgraph.errors import UsageError
from jwgraph.store.queries import Query, get

NONE: dict[str, tuple[str, ...]] = {"types": (), "levels": (), "suffixes": (), "extensions": (), "detectors": ()}


@pytest.mark.parametrize(
    ("name", "texts", "expected"),
    [
        ("suffixes", ["x1d,s2d"], ("x1d", "s2d")),
        ("suffixes", ["_x1d.fits", "S2D", "x1d"], ("x1d", "s2d")),
        ("suffixes", [" cal , rate ,"], ("cal", "rate")),
        ("types", ["sci"], ("SCIENCE",)),
        ("types", ["preview,Info"], ("PREVIEW", "INFO")),
        ("levels", ["2,3", 1], (2, 3, 1)),
        ("extensions", [".fits,JPG"], ("fits", "jpg")),
        ("detectors", ["NRCA1,mirimage"], ("nrca1", "mirimage")),
    ],
)
def test_words_are_read_as_people_write_them(name: str, texts: list[str], expected: tuple[object, ...]) -> None:
    assert checked(NONE | {name: texts})[name] == expected


@pytest.mark.parametrize(
    ("name", "text", "begins"),
    [
        ("levels", "4", "There is no level '4'; the levels are 1, 2, 3."),
        ("levels", "two", "There is no level 'two'; the levels are 1, 2, 3."),
        ("types", "s", "There is no type 's'; did you mean SCIENCE? The types are SCIENCE, PREVIEW, INFO, AUXILIARY."),
        ("types", "auxilary", "There is no type 'auxilary'; did you mean AUXILIARY? The types are AUXILIARY, SCIENCE,"),
        (
            "suffixes",
            "x1",
            "There is no suffix 'x1'; did you mean x1d or x1dints? The suffixes are x1d, x1dints, uncal,",
        ),
        ("suffixes", "i2dd", "There is no suffix 'i2dd'; did you mean i2d? The suffixes are i2d, uncal,"),
        ("detectors", "nrca9", "There is no detector 'nrca9'; did you mean nrca"),
    ],
)
def test_an_unknown_word_is_refused_with_what_there_is(name: str, text: str, begins: str) -> None:
    with pytest.raises(UsageError) as raised:
        checked(NONE | {name: [text]})
    assert str(raised.value).startswith(begins)


@pytest.mark.parametrize(
    ("text", "begins"),
    [
        ("ftis", "There is no extension 'ftis'; did you mean fits? The extensions are fits, ecsv, json, csv, "),
        ("_x1d.fits", "There is no extension '_x1d.fits'; did you mean"),
        ("gif", "There is no extension 'gif'; "),
        ("fits,txt", "There is no extension 'txt'; "),
    ],
)
def test_an_unknown_extension_is_refused_with_what_there_is(text: str, begins: str) -> None:
    with pytest.raises(UsageError) as raised:
        checked(NONE | {"extensions": [text]})
    assert str(raised.value).startswith(begins)


def test_a_compressed_file_has_the_extension_of_its_content() -> None:
    assert checked(NONE | {"extensions": ["fits.gz", ".FITS", "png"]})["extensions"] == ("fits", "png")


MINE = """// name: query/mine
// summary: Mine.
// param: program STRING = *  what it is
// param: since INTEGER = 0  what it is
// param: suffix STRING = *  what it is
// param: suffixes LIST<STRING> = cal  what it is
// param: level INTEGER = 2  what it is
// param: roles LIST<STRING> = science  what it is
// param: type STRING = *  what it is
// param: limit INTEGER = 5  what it is
// returns: file STRING
WITH [$program, $since, $suffix, $suffixes, $level, $roles, $type, $limit] AS used
RETURN 'a' AS file
"""


@pytest.fixture
def mine(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Query:
    (tmp_path / "mine.cypher").write_text(MINE)
    monkeypatch.setenv("JWGRAPH_QUERIES", str(tmp_path))
    return get("query/mine")


@pytest.mark.parametrize(
    ("name", "given", "stored"),
    [
        ("program", "5224", "05224"),
        ("program", 5224, "05224"),
        ("program", "05224", "05224"),
        ("program", "*", "*"),
        ("since", "1970-01-02", 86_400_000),
        ("since", "12", 12),
        ("suffix", "_x1d.fits", "x1d"),
        ("suffix", "*", "*"),
        ("suffixes", "X1D,_cal.fits", ["x1d", "cal"]),
        ("suffixes", ["rate"], ["rate"]),
        ("level", "3", 3),
        ("level", 3, 3),
        ("roles", "back,imprint", ["background", "imprint"]),
        ("type", "sci", "SCIENCE"),
        ("limit", "7", 7),
    ],
)
def test_parameters_of_a_query_are_read_as_options_are(mine: Query, name: str, given: object, stored: object) -> None:
    assert words(mine, {name: given}) == {name: stored}


@pytest.mark.parametrize(
    ("name", "given", "says"),
    [
        ("program", "x", "'x' is not a program number"),
        ("since", "June", "'June' is not a time"),
        ("suffix", "x1", "There is no suffix 'x1'; did you mean x1d or x1dints?"),
        ("suffix", "cal,rate", "There is no suffix 'cal,rate'"),
        ("level", "4", "There is no level '4'; the levels are 1, 2, 3"),
        ("roles", "nonsense", "There is no role 'nonsense'"),
        ("other", "1", "has no parameter 'other'"),
    ],
)
def test_a_parameter_that_cannot_be_is_refused(mine: Query, name: str, given: object, says: str) -> None:
    with pytest.raises(UsageError, match=says):
        words(mine, {name: given})
