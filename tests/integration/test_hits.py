"""What each named query reads is what its answer needs: in a store four times as large it is the same."""

from __future__ import annotations

from functools import partial
from pathlib import Path

import pytest

from jwgraph.store.graph import Graph
from jwgraph.store.queries import short_name
from tests.bench.archive.write import write
from tests.bench.hits import WHOLE, Hits, asked_of, profiled
from tests.support.store import Slate, load_paths

# The program that is asked about is whole in the smaller one.
SMALL, LARGE, OBSERVATIONS = 1_500, 6_000, 2


@pytest.fixture(scope="module")
def read(slate: Slate, tmp_path_factory: pytest.TempPathFactory) -> dict[str, list[Hits]]:
    """Return what each query read in an archive and in a larger one that begins with it, of the same Observation.

    It is asked twice: the first time plans, and reads what the plan needs.
    """
    found: dict[str, list[Hits]] = {}
    for number in (SMALL, LARGE):
        made = write(tmp_path_factory.mktemp("archive"), number, most=OBSERVATIONS)
        graph = slate.filled(f"archive of {number}", partial(_load, paths=made.paths))
        with graph.session() as session:
            # Neo4j updates index statistics in the background: this call waits for that, and drops all cached plans.
            session.run("CALL db.prepareForReplanning(300)").consume()
        for query, values in asked_of(made.samples[0]):
            profiled(graph, query, values)
            found.setdefault(short_name(query.name), []).append(profiled(graph, query, values))
    return found


def _load(graph: Graph, paths: list[Path]) -> None:
    load_paths(graph, *paths)


def test_most_answers_have_rows(read: dict[str, list[Hits]]) -> None:
    empty = {name for name, (small, _) in read.items() if not small.rows}
    assert empty == {"engineering", "events", "missing", "mrp_differences", "stale"}


def test_the_same_answer_is_read_from_a_larger_store_with_the_same_hits(read: dict[str, list[Hits]]) -> None:
    """A scan would read three times as much; the order of edges in the store makes a few hits of difference."""
    assert {name: each for name, each in read.items() if name not in WHOLE and each[0].rows != each[1].rows} == {}
    grown = {name: each for name, each in read.items() if each[1].hits > each[0].hits * 1.02 + 2}
    assert grown.keys() == WHOLE, grown


def test_nothing_is_scanned_but_for_questions_about_the_whole_store(read: dict[str, list[Hits]]) -> None:
    assert {name for name, each in read.items() if any(hits.scanned for hits in each)} == WHOLE
