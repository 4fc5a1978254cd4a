"""Whoever asks while a load goes on gets the answer of before or of after it, or a note that it goes on."""

from __future__ import annotations

import random
import subprocess
import sys
from collections import Counter
from pathlib import Path

import pytest

from jwgraph.settings import Connection
from jwgraph.store.graph import Graph
from tests.support.programs import about, associations, part, reworked, state, write
from tests.support.readers import Readers
from tests.support.store import load_paths, nodes

pytestmark = pytest.mark.server_versions

# Programs that are changed by a load, loaded again as they are, and left alone.
CHANGED, SAME, ALONE = "10000", "10001", "10002"
ANSWERS = 200


def _load(*paths: Path) -> None:
    """Load in another process."""
    subprocess.run(
        [sys.executable, "-m", "jwgraph", "-q", "load", "--batch-size", "100", *map(str, paths)],
        stdout=subprocess.DEVNULL,
        check=True,
    )


@pytest.fixture
def sources(graph: Graph, environment: Path, tmp_path: Path) -> dict[str, list[Path]]:
    """Load three programs, one of them without its associations and some of its files, and return what to load."""
    part(tmp_path / "part.csv", CHANGED)
    found = {
        program: [write(tmp_path / f"{program}.csv", program), associations(tmp_path / program, program)]
        for program in (CHANGED, SAME, ALONE)
    }
    load_paths(graph, tmp_path / "part.csv", *found[SAME], *found[ALONE])
    return found


def test_answers_are_those_before_or_after_a_load(
    graph: Graph, connection: Connection, sources: dict[str, list[Path]]
) -> None:
    """Load changed data in another process, and what is there again, until each question was answered often."""
    asked = {program: about(program) for program in (CHANGED, SAME, ALONE)}
    every = {name: question for found in asked.values() for name, question in found.items()}
    before = state(graph, every)
    with Readers(connection, every) as readers:
        readers.wait_for(5)
        _load(*sources[CHANGED])
        while readers.fewest() < ANSWERS:
            _load(*sources[SAME], *sources[CHANGED])
        readers.wait_for(5)
    after = state(graph, every)

    assert readers.failed == []
    assert not any(each.said for each in (*before.values(), *after.values()))
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


def test_unchanged_observations_never_differ_while_their_program_is_loaded_again(
    graph: Graph, connection: Connection, tmp_path: Path, environment: Path
) -> None:
    """Load programs again under other names, their rows shuffled and one changed, until each was answered often."""
    programs, chance = (CHANGED, SAME), random.Random(13)
    for program in programs:
        load_paths(graph, write(tmp_path / f"{program}.csv", program), associations(tmp_path / program, program))
    same = {name: question for program in programs for name, question in about(program, 2).items()}
    # The list of a program has a row of the changed Observation as well, whose columns do not change.
    before = state(graph, same)
    generations = nodes(graph, "Program", "program", "generation")
    with Readers(connection, same) as readers:
        number = 0
        while readers.fewest() < ANSWERS:
            number += 1
            _load(*(reworked(tmp_path / f"again-{program}-{number}.csv", program, chance) for program in programs))
        readers.wait_for(5)
    assert readers.failed == []
    assert {name: {each.text for each in heard} for name, heard in readers.heard.items()} == {
        name: {before[name].text} for name in same
    }
    # Each load changed something.
    assert nodes(graph, "Program", "program", "generation").isdisjoint(generations)
