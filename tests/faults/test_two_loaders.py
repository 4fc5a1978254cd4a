"""Two processes load overlapping data at once while readers ask: the graph is that of one ordinary load."""

from __future__ import annotations

from contextlib import ExitStack
from itertools import product
from pathlib import Path

import pytest

from jwgraph.settings import Connection
from jwgraph.store.digest import digest
from jwgraph.store.graph import Graph
from tests.support.phases import Loading
from tests.support.programs import about, associations, part, state, write
from tests.support.readers import Readers
from tests.support.store import load_paths, wipe

pytestmark = pytest.mark.server_versions

PROGRAMS = ("10000", "10001")


def _half(name: str) -> bool:
    return "_nrca1_" in name or "_t001_" in name


@pytest.fixture
def both(tmp_path: Path) -> tuple[list[Path], list[Path]]:
    """Return two sets of sources: each has all of one program, and half of the other."""
    one, other = PROGRAMS
    lists = [write(tmp_path / "one.csv", one), write(tmp_path / "other.csv", other)]
    halves = [write(tmp_path / "half-other.csv", other, _half), write(tmp_path / "half-one.csv", one, _half)]
    shared = [associations(tmp_path / f"asn-{program}", program) for program in PROGRAMS]
    return [lists[0], halves[0], *shared], [lists[1], halves[1], shared[0]]


def test_two_loads_of_overlapping_data_at_once_are_one_load(
    graph: Graph, connection: Connection, tmp_path: Path, both: tuple[list[Path], list[Path]]
) -> None:
    asked = {name: question for program in PROGRAMS for name, question in about(program).items()}
    first = [part(tmp_path / f"part-{program}.csv", program) for program in PROGRAMS]
    states, digests = [], []
    # One of them, or both, may have ended.
    for with_one, with_other in product((False, True), repeat=2):
        wipe(graph)
        load_paths(graph, *first, *(both[0] if with_one else []), *(both[1] if with_other else []))
        states.append(state(graph, asked))
        digests.append(digest(graph))
    wipe(graph)
    load_paths(graph, *first)
    with Readers(connection, asked) as readers:
        readers.wait_for(1)
        with ExitStack() as stack:
            loads = [stack.enter_context(Loading(connection, "--batch-size", "50", *paths)) for paths in both]
            assert [load.ended() for load in loads] == [(0, ""), (0, "")]
        readers.wait_for(2)
    assert digest(graph) == digests[-1]
    assert len(set(digests)) == len(digests)
    assert (readers.failed, readers.wrong(*states)) == ([], {})
