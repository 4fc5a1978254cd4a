"""Tables fit the terminal: identifiers stay whole, and every column is shown or accounted for."""

from __future__ import annotations

import io
from typing import Any

from hypothesis import given
from hypothesis import strategies as st
from rich.console import Console

from jwgraph.cli import table
from jwgraph.model.columns import Column
from jwgraph.present.fit import Fit, fit, wrap

NAME, LEVEL, KIND, NUMBER = (
    Column("File", "meta.id;meta.file"),
    Column("Level", "meta.code"),
    Column("Type", "meta.code"),
    Column("Number", "meta.number", type="int64"),
)
ABOUT = {"file": NAME, "level": LEVEL, "type": KIND, "uri": Column("URI", "meta.ref.uri", minor=True), "n": NUMBER}


def cells(**columns: str) -> dict[str, list[str]]:
    return {name: values.split() for name, values in columns.items()}


ROWS = cells(file="jw1_cal.fits jw22_cal.fits", level="2b 2b", type="AUX SCI", uri="mast:jw1 mast:jw22", n="1 20")


def test_everything_is_shown_where_there_is_room() -> None:
    assert fit(ROWS, ABOUT, 80) == Fit(("file", "level", "type", "uri", "n"))


def test_what_is_the_same_goes_first_and_then_what_is_of_little_use_and_then_from_the_right() -> None:
    # file 13, level 5, type 4, uri 9, n 2; three spaces between columns, two around.
    assert fit(ROWS, ABOUT, 46) == Fit(("file", "type", "uri", "n"), same={"level": "2b"})
    assert fit(ROWS, ABOUT, 31) == Fit(("file", "type", "n"), same={"level": "2b"}, left_out=("uri",))


def test_records_are_the_last_resort() -> None:
    assert fit(ROWS, ABOUT, 12) == Fit(("file", "level", "type", "uri", "n"), records=True)


def test_lists_go_before_the_table_becomes_records() -> None:
    about = {"file": NAME, "filters": Column("Filters", "meta.id;instr.filter", type="json")}
    some = {"file": ["jw1_cal.fits", "jw2_cal.fits"], "filters": ["F405N, F444W", "F187N"]}
    assert fit(some, about, 40) == Fit(("file", "filters"), frozenset({"filters"}))
    assert fit(some, about, 20) == Fit(("file",), left_out=("filters",))


def test_an_answer_in_words_stays() -> None:
    about = {"file": NAME, "answer": Column("Answer", "meta.note"), "because": Column("Reason", "meta.note")}
    some = {"file": ["jw1_cal.fits"], "answer": ["archived"], "because": ["a list of MAST has this file"]}
    assert fit(some, about, 40) == Fit(("file", "answer", "because"), records=True)


def test_sentences_go_on_at_spaces_and_names_and_commands_stay_whole() -> None:
    text = "note: jw02221-o001_t001_nircam is not loaded: `jwgraph sync --program 2221`\nand more"
    assert wrap(text, 30).split("\n") == [
        "note: jw02221-o001_t001_nircam",
        "is not loaded:",
        "`jwgraph sync --program 2221`",
        "and more",
    ]
    assert wrap(text, 10).split("\n")[1] == "jw02221-o001_t001_nircam"
    assert wrap(text, 200) == text


def test_a_single_row_has_nothing_that_is_the_same() -> None:
    one = {name: values[:1] for name, values in ROWS.items()}
    assert fit(one, ABOUT, 30).same == {}


def test_text_wraps_at_its_spaces() -> None:
    about = {"file": NAME, "reason": Column("Reason", "meta.note")}
    some = {"file": ["jw1_cal.fits"], "reason": ["no source says why these files are not archived"]}
    assert fit(some, about, 45) == Fit(("file", "reason"), frozenset({"reason"}))


words = st.text("abcdefghij_.", min_size=1, max_size=60)


@given(
    rows=st.lists(st.tuples(words, words, words, st.integers(0, 10**12)), min_size=1, max_size=6),
    width=st.integers(20, 160),
)
def test_no_value_is_cut_or_broken(rows: list[tuple[str, str, str, int]], width: int) -> None:
    about = {"file": NAME, "kind": KIND, "owner": NAME, "n": NUMBER}
    found: list[dict[str, Any]] = [dict(zip(about, row, strict=True)) for row in rows]
    out = io.StringIO()
    said = " ".join(table.show(Console(file=out, width=width), found, about, None))
    text = out.getvalue()
    for name in about:
        assert name in text or name in said
    for row in found:
        assert row["file"] in text
        for name in ("kind", "owner"):
            assert row[name] in text or name in said
    if not text.startswith("file"):
        assert max(map(len, text.splitlines())) <= width


def test_long_values_of_records_go_on_below() -> None:
    about = {"file": NAME, "reason": Column("Reason", "meta.note")}
    names = ["jw02221-o001_t001_nircam_clear-f187n_i2d.fits", "jw02221001001_02101_00001_nrca1_cal.fits"]
    out = io.StringIO()
    console = Console(file=out, force_terminal=True, color_system=None, width=50)
    table.show(console, [{"file": names[0], "reason": " ".join([*names, "are not there"])}], about, None)
    assert [line.split() for line in out.getvalue().splitlines()] == [
        ["file", names[0]],
        ["reason", names[0]],
        [names[1]],
        ["are", "not", "there"],
    ]
