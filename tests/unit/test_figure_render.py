"""The two renderers: what they write is safe, the same each time, and as wide as the table of the font says."""

from __future__ import annotations

import io
import subprocess
import sys
from dataclasses import replace
from pathlib import Path
from xml.etree import ElementTree

import matplotlib
import pytest
from matplotlib.ft2font import FT2Font, LoadFlags

from jwgraph.answers.notes import Note
from jwgraph.cli.export import figure as draw
from jwgraph.errors import UsageError
from jwgraph.figure import CSS, Style, markup, metrics, pictures
from jwgraph.figure.cells import Links
from jwgraph.figure.facts import Facts
from jwgraph.figure.layout import choose_style, lay_out
from jwgraph.figure.made import Figure, FigureForm, form_of
from tests.support.figures import LEVEL3, exposures, facts, row

SVG = "{http://www.w3.org/2000/svg}"
HOSTILE = [
    "<script>alert(1)</script>.fits",
    "]]>&amp;\"'.fits",
    "$\\frac{1}{0}$_cal.fits",
    "\x1b[31m\u202e中文_cal.fits",
]


def some() -> Facts:
    roots = dict.fromkeys(exposures(14), "science") | dict.fromkeys(exposures(2, obs="002"), "background")
    return facts(roots, gone=list(exposures(14))[5:6], crf=True)


def hostile() -> Facts:
    found = some()
    rows = [*found.rows, *(row(name, LEVEL3, "own") for name in HOSTILE)]
    return replace(found, rows=rows, notes=tuple(map(Note, HOSTILE)))


@pytest.mark.parametrize(("file", "bold"), [("DejaVuSans.ttf", False), ("DejaVuSans-Bold.ttf", True)])
def test_the_table_is_that_of_the_font(file: str, bold: bool) -> None:
    font = FT2Font(str(Path(matplotlib.get_data_path()) / "fonts" / "ttf" / file))
    advances = [font.load_char(ord(c), flags=LoadFlags.NO_SCALE).horiAdvance for c in metrics.CHARACTERS]
    assert advances == list(metrics.BOLD if bold else metrics.REGULAR)


def test_texts_that_are_too_long_are_cut_in_the_middle() -> None:
    assert metrics.fit("jw02733001001", 100, 6) == "jw02733001001"
    short = metrics.fit("jw02733001001_02101_00001_nrca1_cal.fits", 60, 6)
    assert short.startswith("jw02")
    assert short.endswith("fits")
    assert metrics.width(short, 6) <= 60
    assert metrics.fit("x" * 100_000, 0.1, 6) == ""


def test_long_names_are_wrapped_after_their_parts() -> None:
    assert metrics.wrapped("jw05224-o004_s000277031_nirspec_clear-prism", 120, 6.5) == [
        "jw05224-o004_s000277031_",
        "nirspec_clear-prism",
    ]


@pytest.mark.parametrize("style", Style)
def test_svg_is_well_formed_and_escaped(style: Style) -> None:
    document = markup.render(lay_out(hostile(), style, mrp=False))
    root = ElementTree.fromstring(document)
    names = {element.tag.removeprefix(SVG) for element in root.iter()}
    assert names <= {"svg", "title", "style", "rect", "polyline", "polygon", "g", "text", "a"}
    attributes = {name for element in root.iter() for name in element.attrib}
    assert not [name for name in attributes if name.startswith("on") or name in ("style", "id")]
    assert "alert(1)" in document


def test_svg_has_its_texts_titles_and_links() -> None:
    root = ElementTree.fromstring(markup.render(lay_out(some(), Style.STAGES)))
    assert "cal 3 of 4" not in [text.text for text in root.iter(f"{SVG}text")]
    assert LEVEL3 in (root.findtext(f"{SVG}title") or "")
    links = [a.get("href") or "" for a in root.iter(f"{SVG}a")]
    assert links
    assert all(link.startswith("https://mast.stsci.edu/api/v0.1/Download/file?uri=mast%3AJWST") for link in links)


def test_svg_for_a_page_leads_to_its_pages_and_leaves_its_style_to_it() -> None:
    document = markup.render(lay_out(some(), Style.STAGES, links=Links("/")), style=False)
    root = ElementTree.fromstring(document)
    assert root.find(f"{SVG}style") is None
    assert f"/observations/{LEVEL3}" in {a.get("href") for a in root.iter(f"{SVG}a")}
    assert "prefers-color-scheme:dark" in CSS


def test_no_link_is_within_another() -> None:
    root = ElementTree.fromstring(markup.render(lay_out(some(), Style.STAGES, links=Links("/"))))
    assert not [a for a in root.iter(f"{SVG}a") for inner in a.iter(f"{SVG}a") if inner is not a]


@pytest.mark.parametrize("style", Style)
def test_colours_have_the_contrast_that_small_text_needs(style: Style) -> None:
    from jwgraph.figure import colours

    for fills, plain in ((colours.LIGHT, colours.PLAIN_LIGHT), (colours.DARK, colours.PLAIN_DARK)):
        grounds = [fill for fill, _ in fills.values()] + [plain["paper"]]
        assert min(_contrast(plain[ink], ground) for ink in ("ink", "faint") for ground in grounds) >= 4.5


def _contrast(one: str, other: str) -> float:
    def luminance(colour: str) -> float:
        parts = [int(colour[i : i + 2], 16) / 255 for i in (1, 3, 5)]
        red, green, blue = (c / 12.92 if c <= 0.04045 else ((c + 0.055) / 1.055) ** 2.4 for c in parts)
        return 0.2126 * red + 0.7152 * green + 0.0722 * blue

    dark, light = sorted((luminance(one), luminance(other)))
    return (light + 0.05) / (dark + 0.05)


WRITE = """
import sys
from tests.unit.test_figure_render import hostile
from jwgraph.figure import Style
from jwgraph.figure.layout import lay_out
from jwgraph.figure.made import Figure, FigureForm
made = Figure(lay_out(hostile(), Style.STAGES))
import hashlib
print([hashlib.sha256(made.data(form)).hexdigest() for form in FigureForm])
"""


def test_the_same_figure_has_the_same_bytes_in_another_process() -> None:
    """Whatever the order of sets there, the day, and the user's settings of matplotlib."""
    import os

    here = [
        subprocess.run(
            [sys.executable, "-c", WRITE],
            cwd=Path(__file__).resolve().parents[2],
            env=os.environ | {"PYTHONHASHSEED": seed, "PYTHONPATH": ".:loaders", "SOURCE_DATE_EPOCH": seed},
            capture_output=True,
            text=True,
            check=True,
        ).stdout
        for seed in ("1", "2")
    ]
    assert here[0] == here[1]


def test_the_users_settings_of_matplotlib_change_nothing() -> None:
    drawing = lay_out(some(), Style.RELATIONS)
    before = pictures.render(drawing, "png")
    with matplotlib.rc_context({"font.size": 30, "text.color": "red", "savefig.bbox": "tight", "lines.linewidth": 9}):
        assert pictures.render(drawing, "png") == before


def test_pictures_are_what_they_say(tmp_path: Path) -> None:
    made = Figure(lay_out(some(), Style.STAGES))
    for form, start in ((FigureForm.PNG, b"\x89PNG"), (FigureForm.PDF, b"%PDF"), (FigureForm.SVG, b"<svg")):
        made.save(tmp_path / f"figure.{form}")
        data = (tmp_path / f"figure.{form}").read_bytes()
        assert data == made.data(form)
        assert data.startswith(start)
        assert b"CreationDate" not in data
    assert made._repr_svg_() == made.svg


def test_extensions_and_styles_are_known() -> None:
    assert form_of(None) is FigureForm.SVG
    assert form_of(Path("A.PNG")) is FigureForm.PNG
    for name in ("figure", "figure.gif", ".svg"):
        with pytest.raises(UsageError, match=r"ends in \.svg, \.png or \.pdf"):
            form_of(Path(name))
    with pytest.raises(UsageError, match="relations or stages"):
        choose_style("trees")


def test_matplotlib_is_asked_for_by_name(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(sys.modules, "matplotlib", None)
    drawing = lay_out(some(), Style.STAGES)
    with pytest.raises(UsageError, match=r"pip install 'jwgraph\[figure\]'"):
        pictures.render(drawing, "png")
    assert Figure(drawing).svg.startswith("<svg")


class _Terminal(io.StringIO):
    def isatty(self) -> bool:
        return True


def test_a_terminal_gets_a_sentence_and_no_svg(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(sys, "stdout", _Terminal())
    with pytest.raises(UsageError, match=r"Give a file for the figure, such as -o figure\.svg"):
        draw(LEVEL3)
