"""How rows are printed, and that nothing in them reaches a terminal raw."""

from __future__ import annotations

import csv
import io
import json
import sys
from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st
from rich.console import Console
from rich.text import Text
from rich.tree import Tree

from jwgraph.answers.products import ProductRow
from jwgraph.cli import output
from jwgraph.cli.loading import say
from jwgraph.cli.output import Format, pick, visible
from jwgraph.errors import RefusedError
from jwgraph.model.records import Problem
from jwgraph_loaders.write.writer import Report


@dataclass
class Row:
    name: str
    size: int | None
    mrp: bool


FOUND = [Row("a_cal.fits", 70, True), Row("b, c\x1b[31m", None, False)]


@pytest.fixture
def loud() -> Iterator[None]:
    yield
    output.set_quiet(False)


class _Terminal(io.StringIO):
    def isatty(self) -> bool:
        return True


def printed(capsys: pytest.CaptureFixture[str], found: list[Any], form: Format, **options: Any) -> str:
    output.console.cache_clear()
    output.rows(found, form, **options)
    output.console.cache_clear()
    return capsys.readouterr().out


@pytest.mark.parametrize(
    ("text", "shown"),
    [
        ("jw02733_cal.fits", "jw02733_cal.fits"),
        ("é λ", "é λ"),
        ("\x1b[31mred", "\\x1b[31mred"),
        ("a\rb\tc", "a\\rb\\tc"),
        ("\u202egnp", "\\u202egnp"),
        ("\x9b31m", "\\x9b31m"),
        ("\ud800", "\\ud800"),
        ("two\nlines", "two\nlines"),
        ("", ""),
    ],
)
def test_visible(text: str, shown: str) -> None:
    assert visible(text) == shown


@given(st.text())
def test_what_is_visible_prints(text: str) -> None:
    shown = visible(text)
    assert shown.replace("\n", "").isprintable()
    assert visible(shown) == shown
    shown.encode()


def test_csv(capsys: pytest.CaptureFixture[str]) -> None:
    text = printed(capsys, FOUND, Format.CSV, of=Row)
    assert text == 'name,size,mrp\na_cal.fits,70,true\n"b, c\\x1b[31m",,false\n'


def test_json_and_jsonl(capsys: pytest.CaptureFixture[str]) -> None:
    whole = [
        {"name": "a_cal.fits", "size": 70, "mrp": True},
        {"name": "b, c\x1b[31m", "size": None, "mrp": False},
    ]
    text = printed(capsys, FOUND, Format.JSON, of=Row)
    assert json.loads(text) == {"rows": whole, "notes": []}
    assert "\x1b" not in text
    lines = printed(capsys, FOUND, Format.JSONL, of=Row).splitlines()
    assert [json.loads(line) for line in lines] == whole
    assert lines[0] == '{"name": "a_cal.fits", "size": 70, "mrp": true}'


def test_table(capsys: pytest.CaptureFixture[str]) -> None:
    text = printed(capsys, FOUND, Format.TABLE, of=Row, title="[bold]T")
    assert text.splitlines()[0].strip() == "[bold]T"
    assert "a_cal.fits" in text
    assert "\\x1b[31m" in text
    assert "\x1b" not in text


def test_a_table_is_for_people_and_shows_the_columns_asked_for(capsys: pytest.CaptureFixture[str]) -> None:
    found = [ProductRow("a.fits", "x", "SCIENCE", 3, None, 50_200_000, True, "own", "3", False)]
    text = printed(capsys, found, Format.TABLE, of=ProductRow, table=("productFilename", "size", "mrp", "archived"))
    head, _, line = [each.split() for each in text.splitlines() if each.strip()]
    assert head == ["productFilename", "size", "mrp", "archived"]
    assert line == ["a.fits", "50.2", "MB", "●", "no"]
    lists = printed(capsys, [{"files": ["a.fits", "b.fits"]}], Format.TABLE, columns=["files"])
    assert "a.fits, b.fits" in lists


def test_markup_in_a_name_is_text(capsys: pytest.CaptureFixture[str]) -> None:
    text = printed(capsys, [{"name": "[red]x[/red].fits"}], Format.TABLE, columns=["name"])
    assert "[red]x[/red].fits" in text


def test_no_rows_have_a_header_all_the_same(capsys: pytest.CaptureFixture[str]) -> None:
    assert printed(capsys, [], Format.CSV, of=Row) == "name,size,mrp\n"
    assert json.loads(printed(capsys, [], Format.JSON, of=Row)) == {"rows": [], "notes": []}
    assert printed(capsys, [], Format.JSONL, of=Row) == ""
    assert "name" in printed(capsys, [], Format.TABLE, of=Row)


def test_columns_are_those_asked_for_in_their_order(capsys: pytest.CaptureFixture[str]) -> None:
    rows = [{"a": 1, "b": [1, 2], "c": {"d": None}}]
    text = printed(capsys, rows, Format.CSV, columns=["b", "a", "c"])
    assert list(csv.reader(io.StringIO(text))) == [["b", "a", "c"], ["[1, 2]", "1", '{"d": null}']]
    text = printed(capsys, FOUND, Format.CSV, columns=["size", "name"])
    assert text.startswith("size,name\n70,a_cal.fits\n")


def test_pick(monkeypatch: pytest.MonkeyPatch) -> None:
    for form in Format:
        assert pick(form) is form
    monkeypatch.setattr(sys, "stdout", io.StringIO())
    assert pick(None) is Format.CSV
    monkeypatch.setattr(sys, "stdout", _Terminal())
    assert pick(None) is Format.TABLE
    assert pick(Format.JSON) is Format.JSON


def test_errors_and_notes_go_to_standard_error(capsys: pytest.CaptureFixture[str], loud: None) -> None:
    output.error("no \x07")
    output.note("a \x1b")
    output.set_quiet(True)
    output.note("unheard")
    output.error("heard")
    captured = capsys.readouterr()
    assert captured.out == ""
    assert captured.err == "jwgraph: no \\x07\na \\x1b\njwgraph: heard\n"


def test_an_error_names_the_option_that_would_help(capsys: pytest.CaptureFixture[str]) -> None:
    output.failure(RefusedError("It ended.", remedy="timeout"))
    output.failure(RefusedError("It is not run."))
    assert capsys.readouterr().err == "jwgraph: It ended. Use --timeout SECONDS.\njwgraph: It is not run.\n"


def test_progress_is_one_line_for_each_new_thing(capsys: pytest.CaptureFixture[str], loud: None) -> None:
    with output.progress() as say:
        for text in ("nodes: 1", "nodes: 2", "edges: 1"):
            say(text)
    output.set_quiet(True)
    with output.progress() as say:
        say("nodes: 3")
    assert capsys.readouterr().err == "nodes: 1\nedges: 1\n"


def test_problems_of_one_kind_are_one_line(capsys: pytest.CaptureFixture[str]) -> None:
    wrong = [Problem("a.csv", n, f"its obs_id 'x/{n}' is not fit to be one", severity="rejected") for n in range(2, 32)]
    other = [Problem("b.csv", 7, "its obs_id 'x/7' is not fit to be one", severity="rejected")]
    whole = [Problem("c.fits", None, "it is no FITS file", severity="rejected")]
    problems = [*wrong, *other, *whole]
    say(Report(problems=problems, severities=Counter(rejected=len(problems))), output.Format.CSV, None)
    assert capsys.readouterr().err.splitlines() == [
        "rejected: a.csv:2: its obs_id 'x/2' is not fit to be one (29 more like it, to line 31)",
        "rejected: b.csv:7: its obs_id 'x/7' is not fit to be one",
        "rejected: c.fits: it is no FITS file",
    ]
    many = [Problem(f"{n}.csv", 1, "the line is empty", severity="warning") for n in range(25)]
    say(Report(problems=many, severities=Counter(warning=40)), output.Format.CSV, None)
    lines = capsys.readouterr().err.splitlines()
    assert (len(lines), lines[-1]) == (21, "… and 20 more; --rejects FILE writes all of them.")


def test_a_tree_on_a_narrow_terminal_cuts_nothing(monkeypatch: pytest.MonkeyPatch) -> None:
    screen = Console(file=io.StringIO(), force_terminal=True, color_system=None, width=80, height=1000)
    monkeypatch.setattr(output, "console", lambda: screen)
    first, last = "jw05224004001_02101_00001_nrs1", "jw05224004001_03101_00001_nrs2"
    tree = Tree("jw05224-o004_s000277031_nirspec_clear-prism")
    branch = tree.add("exposures at level 2").add(Text(f"8 Observations, {first} … {last}"))
    branch.add(Text("  jw05224-o004_20251221t142913_image2_0000…_asn.json × 8  INFO, 11.4 kB, association"))
    output.paged(tree)
    shown = screen.file.getvalue()  # type: ignore[attr-defined]
    assert max(map(len, shown.splitlines())) <= 80
    for word in (first, last, "jw05224-o004_20251221t142913_image2_0000…_asn.json", "association"):
        assert word in shown


def test_what_was_not_loaded_comes_before_warnings(capsys: pytest.CaptureFixture[str]) -> None:
    """However many warnings come first, a conflict is among the problems that are printed."""
    odd = [Problem(f"{n}.txt", 1, "it is odd", severity="warning") for n in range(30)]
    other = Problem("asn_mosaic.json", None, "two contents have the name", severity="conflict")
    say(Report(problems=[*odd, other], severities=Counter(warning=30, conflict=1)), output.Format.CSV, None)
    lines = capsys.readouterr().err.splitlines()
    assert (lines[0], len(lines)) == ("conflict: asn_mosaic.json: two contents have the name", 21)
    assert lines[-1] == "… and 11 more; --rejects FILE writes all of them."
