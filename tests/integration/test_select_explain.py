"""What is missing in a selection, and why Observations of a program have no Level 3, by the command line."""

from __future__ import annotations

import csv
import io
import json
from pathlib import Path

import pytest

from jwgraph.model.records import ProductRecord
from jwgraph.store.graph import Graph
from tests.support.cli import jwgraph
from tests.support.small import ASN2, L3, OTHER, PROMISED, A, B, C
from tests.support.store import load_records

pytestmark = pytest.mark.once


@pytest.fixture
def loaded(small: Graph, environment: Path) -> Graph:
    return small


def rows(*arguments: str, stdin: str = "") -> list[dict[str, str]]:
    done = jwgraph("--quiet", *arguments, "--format", "csv", stdin=stdin)
    assert done.returncode == 0, done.stderr
    return list(csv.DictReader(io.StringIO(done.stdout)))


def test_missing_products_of_a_level(loaded: Graph) -> None:
    def found(*options: str) -> list[tuple[str, str]]:
        return [(row["product"], row["productLevel"]) for row in rows("missing", *options)]

    assert found("--level", "3") == [(PROMISED, "3")]
    assert found("--level", "2", "--include-archived") == [(A, "2b")]
    assert found("--program", "2733", "--level", "2") == []
    assert jwgraph("missing", "--level", "4").returncode == 2


def test_missing_products_of_a_selection(loaded: Graph) -> None:
    assert [row["association"] for row in rows("missing", "--filter", "F090W", "--observation", "2")] == [OTHER]
    done = jwgraph("missing", "--observation", "1")
    assert (done.returncode, done.stdout.count("\n"), done.stderr) == (0, 1, "Nothing of this is missing.\n")
    done = jwgraph("missing", "--filter", "F200W")
    assert (done.returncode, done.stderr) == (2, "jwgraph: No Observation has the filter F200W; there are: F090W.\n")


def test_missing_products_of_observations_from_standard_input(loaded: Graph) -> None:
    found = rows("missing", "--obs-id", "-", "--include-archived", stdin=f"{A}\n{B}\n{C}\n")
    assert {(row["product"], row["association"] == ASN2) for row in found} == {
        (L3, False),
        (A, True),
        (PROMISED, False),
    }
    assert len(found) == len({(row["product"], row["association"]) for row in found})
    assert jwgraph("missing", "--obs-id", "-", stdin="").returncode == 2


def test_why_a_program_has_no_level_3(loaded: Graph) -> None:
    found = json.loads(jwgraph("why", "--program", "2733", "--no-level3", "-f", "json").stdout)["rows"]
    reported = [(row["subject"], row["question"], row["answer"]) for row in found]
    assert [each for each in reported if each[0] == PROMISED] == [
        (PROMISED, "missing", "not executed yet"),
        (PROMISED, "member missing", f"{C}_cal.fits"),
    ]
    assert {each[0] for each in reported} == {B, PROMISED}
    assert (B, "listed", "yes") in reported


def test_why_of_several(loaded: Graph) -> None:
    subjects = [row["subject"] for row in rows("why", "-", stdin=f"{A}\n{L3}\n")]
    assert subjects.index(A) < subjects.index(L3)
    assert f"{L3}_i2d.fits" in subjects
    assert {row["subject"] for row in rows("why", "--program", "2733")} == {L3, B, PROMISED}


def test_why_of_a_name_that_is_of_another_program(loaded: Graph) -> None:
    done = jwgraph("why", L3, "--program", "1111")
    assert (done.returncode, done.stderr) == (3, "jwgraph: No Observation matches all of these criteria.\n")
    assert {row["subject"] for row in rows("why", A, "--program", "2733")} >= {A}


def test_a_level_that_only_other_files_have(graph: Graph, environment: Path) -> None:
    """A level is given with what it follows from, also where no science file is there."""
    name = "jw02221-o001_20220828t044842_image2_113_asn.json"
    load_records(graph, [ProductRecord(name, B, 7, 7, 2, None, {"productType": "INFO"})])
    found = [row for row in rows("why", B) if row["question"] == "level"]
    assert [(row["answer"], row["because"]) for row in found] == [
        ("2", "the highest level of its files; none of its science files is there")
    ]
