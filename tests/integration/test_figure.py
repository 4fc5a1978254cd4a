"""Figures of the sample and of a real product list: they have what the tree has, and say what is not known.

`JWGRAPH_TEST_GOLDEN=write` writes the figure of README and of the documentation's first page anew.
"""

from __future__ import annotations

import os
from pathlib import Path

import pytest

import jwgraph as library
from jwgraph.answers import products
from jwgraph.demo import OBS_ID
from jwgraph.errors import UsageError
from jwgraph.figure import Style, svg
from jwgraph.figure.facts import gather
from jwgraph.figure.layout import lay_out
from jwgraph.store.graph import Graph
from tests.support.cli import jwgraph
from tests.support.small import PROMISED
from tests.support.sound import faults
from tests.support.store import Slate, load_paths

CHECKOUT = Path(__file__).resolve().parents[2]
SHOWN = CHECKOUT / "docs" / "assets" / "figure.svg"
EXPOSURE = "jw02221001001_03101_00001_nrca1"
NO_LEVEL3 = "jw01200003001_03103_00001_nis"
SPECTRUM = "jw05224-o004_s000277031_nirspec_clear-prism"


@pytest.fixture
def spectra(slate: Slate, shared: Path) -> Graph:
    path = shared / "mast" / "products" / "jw05224-o004_parent_254258368.csv"
    return slate.filled("product list of 5224", lambda graph: load_paths(graph, path))


def check(graph: Graph, obs_id: str) -> list[str]:
    """Check both figures of an Observation, and return the words of the second."""
    tree = products.tree(graph, obs_id)
    recommended = products.tree(graph, obs_id, mrp=True)
    facts = gather(graph, obs_id)
    for style in Style:
        for mrp, rows in ((False, tree), (True, recommended)):
            drawing = lay_out(facts, style, mrp=mrp)
            assert faults(drawing) == []
            assert sum(box.files for box in drawing.boxes) == len(tree)
            said = [line.text for box in drawing.boxes for line in box.lines]
            assert any(text.startswith(f"{len(rows):,} product") for text in said)
    return said


@pytest.mark.once
def test_what_the_pages_show_is_up_to_date(demo: Graph) -> None:
    made = svg(demo, OBS_ID, style="stages")
    if os.environ.get("JWGRAPH_TEST_GOLDEN") == "write":
        SHOWN.write_text(made, encoding="utf-8")
    assert SHOWN.read_text(encoding="utf-8") == made
    for page, path in (("README.md", "docs/assets/figure.svg"), ("docs/index.md", "assets/figure.svg")):
        assert f"({path})" in (CHECKOUT / page).read_text(encoding="utf-8")


def test_the_sample(demo: Graph) -> None:
    said = check(demo, OBS_ID)
    assert "jw02221001001_03101_00001: 2 detectors × 2" in said
    assert "6 members" in said
    # The association of Stage 3 does not name the background: those of Stage 2 do.
    assert "background, Stage 2" in said


def test_an_exposure_of_it_and_one_without_level_3(demo: Graph) -> None:
    assert "part of" in check(demo, EXPOSURE)
    assert "association is" in check(demo, NO_LEVEL3)


def test_what_is_only_promised(small: Graph) -> None:
    said = check(small, PROMISED)
    assert "1 of 2 members" in " ".join(said)
    assert "cal 0 of 1" in said
    assert "expected, not" in said


def test_a_real_product_list_without_its_association(spectra: Graph) -> None:
    said = " ".join(check(spectra, SPECTRUM))
    assert "content not loaded" in said
    assert "note: the content of jw05224-o004_20251221t142913_spec3_00001_asn.json is not loaded" in said
    assert "MSA metadata" in said


def test_the_command_writes_each_form(demo: Graph, environment: Path, tmp_path: Path) -> None:
    for end, start in (("svg", b"<svg"), ("png", b"\x89PNG"), ("pdf", b"%PDF")):
        target = tmp_path / f"figure.{end}"
        done = jwgraph("figure", OBS_ID, "-o", str(target))
        assert (done.returncode, done.stdout) == (0, "")
        assert target.read_bytes().startswith(start)
    assert jwgraph("figure", OBS_ID, "--style", "stages").stdout == svg(demo, OBS_ID, style="stages")
    assert jwgraph("figure", OBS_ID, "--no-mrp").stdout == svg(demo, OBS_ID, mrp=False)


def test_a_file_stands_for_its_observation(demo: Graph, environment: Path) -> None:
    done = jwgraph("figure", f"{OBS_ID}_i2d.fits")
    assert done.stdout == svg(demo, OBS_ID)
    assert f"{OBS_ID}_i2d.fits is a file of {OBS_ID}: this is the figure of {OBS_ID}" in done.stderr


def test_bad_input_has_one_sentence(demo: Graph, environment: Path, tmp_path: Path) -> None:
    unknown = jwgraph("figure", "jw02221-o001_t001_nircam_clear-f999n")
    assert (unknown.returncode, unknown.stdout) == (3, "")
    assert f"Did you mean {OBS_ID}" in unknown.stderr
    wrong = jwgraph("figure", OBS_ID, "-o", str(tmp_path / "figure.gif"))
    assert wrong.returncode == 2
    assert "ends in .svg, .png or .pdf" in wrong.stderr
    assert jwgraph("figure", OBS_ID, "--style", "trees").returncode == 2
    (tmp_path / "there.svg").write_text("mine")
    there = jwgraph("figure", OBS_ID, "-o", str(tmp_path / "there.svg"))
    assert there.returncode == 5
    assert (tmp_path / "there.svg").read_text() == "mine"
    assert jwgraph("figure", OBS_ID, "-o", str(tmp_path / "there.svg"), "--force").returncode == 0
    assert jwgraph("figure", OBS_ID, "-o", str(tmp_path / "no" / "figure.svg")).returncode == 2


def test_a_notebook_shows_and_saves_it(demo: Graph, environment: Path, tmp_path: Path) -> None:
    with library.connect() as g:
        made = g.observation(OBS_ID).figure(style="stages")
        assert made._repr_svg_() == svg(demo, OBS_ID, style="stages")
        made.save(tmp_path / "figure.svg")
        assert (tmp_path / "figure.svg").read_text() == made.svg
        with pytest.raises(UsageError, match="relations or stages"):
            g.observation(OBS_ID).figure(style="trees")
