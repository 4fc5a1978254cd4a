"""Filters and completion, by the command line."""

from __future__ import annotations

import csv
import io
import os
import subprocess
import sys
import time
from pathlib import Path

import pytest

from jwgraph.store.graph import Graph
from tests.support.cli import Done, jwgraph
from tests.support.small import L3, A

pytestmark = pytest.mark.once


@pytest.fixture
def loaded(small: Graph, environment: Path) -> Graph:
    return small


def names(*arguments: str, column: str = "productFilename") -> list[str]:
    done = jwgraph("--quiet", *arguments, "--format", "csv")
    assert done.returncode == 0, done.stderr
    return [row[column] for row in csv.DictReader(io.StringIO(done.stdout))]


def test_a_tree_of_one_suffix_without_previews(loaded: Graph) -> None:
    assert names("tree", L3, "--suffix", "i2d", "--no-previews") == [f"{L3}_i2d.fits"]
    assert names("tree", L3, "--suffix", "i2d") == [f"{L3}_i2d.fits", f"{L3}_i2d.jpg"]
    assert names("tree", L3, "--guide-star") == ["jw02733001001_gs-fg_2022159134729_cal.fits"]
    assert names("tree", L3, "--detector", "nrca1", "--level", "1") == [f"{A}_uncal.fits"]


def test_a_filter_that_matches_nothing_says_which_part(loaded: Graph) -> None:
    done = jwgraph("tree", L3, "--suffix", "x1d", "--type", "SCIENCE", "--format", "csv")
    assert done.returncode == 0
    assert "products matches --suffix x1d." in done.stderr
    assert "--type" not in done.stderr.splitlines()[-1]


def test_observations_that_own_such_a_file(loaded: Graph) -> None:
    assert names("observations", "--suffix", "i2d", column="obs_id") == [L3]
    assert A in names("observations", "--include-exposures", "--suffix", "cal", "--type", "science", column="obs_id")
    done = jwgraph("observations", "--suffix", "x1d", "--format", "csv")
    assert "--suffix x1d" in done.stderr


def test_an_export_is_filtered_too(loaded: Graph) -> None:
    done = jwgraph("export", L3, "--select", "tree", "--format", "csv", "--extension", "jpg")
    assert [row["productFilename"] for row in csv.DictReader(io.StringIO(done.stdout))] == [f"{L3}_i2d.jpg"]
    assert jwgraph("export", L3, "--format", "datalink", "--suffix", "cal").returncode == 2
    assert jwgraph("tree", L3, "--min-size", "huge").returncode == 2


def completed(words: str, position: int) -> list[str]:
    done = script(_JWGRAPH_COMPLETE="complete_bash", COMP_WORDS=words, COMP_CWORD=str(position))
    return done.stdout.split()


def script(**environment: str) -> Done:
    """Run the script that pip installs, as a shell does for completion."""
    done = subprocess.run(
        [str(Path(sys.executable).with_name("jwgraph"))],
        capture_output=True,
        text=True,
        env=os.environ | environment,
        check=False,
    )
    assert "Traceback" not in done.stderr
    return Done(done.returncode, done.stdout, done.stderr)


def offered(words: str, position: int) -> list[str]:
    """Press the tab key until something is offered: on a busy machine the server may answer too late for one press."""
    end = time.monotonic() + 120
    while not (found := completed(words, position)):
        assert time.monotonic() < end
    return found


def test_the_shell_completes_names_of_the_store(loaded: Graph) -> None:
    assert offered(f"jwgraph tree {L3[:12]}", 2) == [L3]
    assert f"{A}_cal.fits" in offered(f"jwgraph product {A}", 2)
    assert completed("jwgraph query run lineage", 3) == ["lineage_down", "lineage_up"]


def test_completion_without_a_server_is_silent(monkeypatch: pytest.MonkeyPatch) -> None:
    for name, value in (("NEO4J_URI", "bolt://127.0.0.1:1"), ("NEO4J_PASSWORD", "x")):
        monkeypatch.setenv(name, value)
    assert completed("jwgraph tree jw", 2) == []
