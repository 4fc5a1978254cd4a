"""Words chosen from a list: commas, case, marks, beginnings, and what an unknown word says."""

from __future__ import annotations

import pytest

from jwgraph.answers.filters import checked
from jwgraph.errors import UsageError
from jwgraph.store.parameters import checked as parameters
from jwgraph.store.queries import get

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
    ("given", "stored"), [("5224", "05224"), (5224, "05224"), ("05224", "05224"), ("*", "*"), ("x", "x")]
)
def test_the_program_of_a_query_is_written_as_people_do(given: object, stored: str) -> None:
    assert parameters(get("query/observations"), {"program": given}) == {"program": stored}
