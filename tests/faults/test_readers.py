"""Whoever asks while a load goes on gets the answer of before or of after it, or is told that it goes on."""

from __future__ import annotations

import csv
import subprocess
import sys
from collections import Counter
from collections.abc import Callable, Iterable
from pathlib import Path

import pytest

from jwgraph.settings import Connection
from jwgraph.store.graph import Graph
from tests.bench import synthetic
from tests.support.readers import Heard, Question, Readers, hear, questions
from tests.support.store import load_paths

pytestmark = pytest.mark.server_versions

# Programs that are changed by a load, loaded again as they are, and left alone.
CHANGED, SAME, ALONE = "10000", "10001", "10002"
OBSERVATIONS = 6
ANSWERS = 200

Row = list[synthetic.Cell]


def _write(path: Path, program: str, wanted: Callable[[str], bool] = lambda _name: True) -> Path:
    """Write the product list of a few Observations of one program, or the rows of some of its files."""
    first = (int(program) - 10000) * synthetic.OBSERVATIONS_A_PROGRAM
    rows: Iterable[Row] = (row for n in range(OBSERVATIONS) for row in synthetic.rows(first + n))
    name = synthetic.COLUMNS.index("productFilename")
    with path.open("w", newline="") as file:
        writer = csv.writer(file)
        writer.writerow(synthetic.COLUMNS)
        writer.writerows(row for row in rows if wanted(str(row[name])))
    return path


def _associations(folder: Path, program: str) -> Path:
    first = (int(program) - 10000) * synthetic.OBSERVATIONS_A_PROGRAM
    folder.mkdir()
    for n in range(OBSERVATIONS):
        name, content = synthetic.association(first + n)
        (folder / name).write_bytes(content)
    return folder


def _asked(program: str) -> dict[str, Question]:
    number = (int(program) - 10000) * synthetic.OBSERVATIONS_A_PROGRAM + 1
    return questions(synthetic.observation_id(number)[2], program)


def _load(*paths: Path) -> None:
    """Load in another process."""
    subprocess.run(
        [sys.executable, "-m", "jwgraph", "-q", "load", "--batch-size", "100", *map(str, paths)],
        stdout=subprocess.DEVNULL,
        check=True,
    )


def _state(graph: Graph, asked: dict[str, Question]) -> dict[str, Heard]:
    return {name: hear(graph, question) for name, question in asked.items()}


@pytest.fixture
def sources(graph: Graph, environment: Path, tmp_path: Path) -> dict[str, list[Path]]:
    """Load three programs, one of them without its associations and some of its files, and return what to load."""
    _write(tmp_path / "part.csv", CHANGED, lambda name: not name.endswith(("_rate.fits", "_asn.json", "_segm.fits")))
    found = {
        program: [_write(tmp_path / f"{program}.csv", program), _associations(tmp_path / program, program)]
        for program in (CHANGED, SAME, ALONE)
    }
    load_paths(graph, tmp_path / "part.csv", *found[SAME], *found[ALONE])
    return found


def test_answers_are_those_before_or_after_a_load(
    graph: Graph, connection: Connection, sources: dict[str, list[Path]]
) -> None:
    """Load changed data in another process, and what is there again, until each question was answered often."""
    asked = {program: _asked(program) for program in (CHANGED, SAME, ALONE)}
    every = {name: question for found in asked.values() for name, question in found.items()}
    before = _state(graph, every)
    with Readers(connection, every) as readers:
        readers.wait_for(5)
        _load(*sources[CHANGED])
        while readers.fewest() < ANSWERS:
            _load(*sources[SAME], *sources[CHANGED])
        readers.wait_for(5)
    after = _state(graph, every)

    assert readers.failed == []
    assert not any(state.said for state in (*before.values(), *after.values()))
    for name in asked[CHANGED]:
        assert before[name].text != after[name].text, name
    assert readers.wrong(before, after) == {}
    # Both states were seen, or nobody asked early enough and long enough.
    for name in asked[CHANGED]:
        assert {before[name], after[name]} <= readers.heard[name].keys(), name
    for name in asked[SAME]:
        assert before[name].text == after[name].text, name
    # Nothing that was loaded is about this program: no answer differs, and none says anything.
    assert {name: readers.heard[name] for name in asked[ALONE]} == {
        name: Counter({before[name]: readers.heard[name].total()}) for name in asked[ALONE]
    }
