"""The peers of the benchmark that need nothing installed give jwgraph's answers, and another answer is noticed."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

import pytest

from jwgraph.store.dump import dump
from jwgraph.store.graph import Graph
from tests.bench.archive import write as archive
from tests.bench.peers import compare, given
from tests.bench.peers.given import Given
from tests.bench.peers.networks import Networkx
from tests.bench.peers.ours import QUERIES, Ours
from tests.bench.peers.peer import Peer
from tests.bench.peers.questions import KINDS, Question, Rows, choose
from tests.bench.peers.sqlite import Sqlite
from tests.support.store import Slate, load_paths

PRODUCTS = 300


@dataclass(frozen=True)
class Stored:
    ours: Ours
    tables: Given
    questions: dict[str, list[Question]]


@pytest.fixture(scope="module")
def stored(slate: Slate, tmp_path_factory: pytest.TempPathFactory) -> Stored:
    """Return a store with a small archive, and its tables."""
    folder = tmp_path_factory.mktemp("peers")
    made = archive.write(folder / "archive", PRODUCTS)

    def fill(graph: Graph) -> None:
        load_paths(graph, *made.paths)

    graph = slate.filled("a small archive", fill)
    dump(graph, folder / "dump")
    tables = given.write(folder / "dump", folder / "tables")
    return Stored(Ours(graph), tables, choose(tables, made.samples))


@pytest.fixture(params=[Sqlite, Networkx])
def peer(request: pytest.FixtureRequest, stored: Stored, tmp_path: Path) -> Iterator[Peer]:
    """Return a peer that has loaded the tables."""
    found: Peer = request.param(tmp_path)
    found.load(stored.tables)
    yield found
    found.close()


def test_it_answers_every_question_as_jwgraph_does(stored: Stored, peer: Peer) -> None:
    sizes = compare.same_answers(stored.ours.answer, {peer.NAME: peer.answer}, stored.questions)
    assert sizes.keys() == KINDS.keys()
    assert min(sizes["tree"]) > max(sizes["mrp"]) > 0


def test_an_answer_that_lacks_a_row_is_noticed(stored: Stored, peer: Peer) -> None:
    def short(question: Question) -> Rows:
        return peer.answer(question)[1:]

    with pytest.raises(compare.Different, match=f"{peer.NAME} answers .* otherwise: it has \\[\\] and lacks"):
        compare.same_answers(stored.ours.answer, {peer.NAME: short}, {"mrp": stored.questions["mrp"]})


@pytest.mark.parametrize("kind", QUERIES)
def test_the_query_alone_finds_rows(stored: Stored, kind: str) -> None:
    assert stored.ours.alone(stored.questions[kind][0])
