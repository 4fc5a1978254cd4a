"""The tree on the command line: where its files stand, and what is said where it is empty."""

from __future__ import annotations

from pathlib import Path

import pytest

from jwgraph.graph import Graph
from tests.helpers import load_records
from tests.integration.small import L3, A, records
from tests.integration.test_cli import jwgraph


@pytest.fixture
def loaded(graph: Graph, environment: Path) -> Graph:
    load_records(graph, records())
    return graph


def tree(obs_id: str) -> str:
    done = jwgraph("tree", obs_id, "--format", "table", NO_COLOR="1")
    assert done.returncode == 0, done.stderr
    return done.stdout


@pytest.mark.parametrize(
    ("obs_id", "spelling", "title"),
    [(A, A.replace("nrca1", "NRCA1"), "level 2"), (L3, L3.upper(), "level 3")],
)
def test_a_tree_is_that_of_the_observation_however_it_is_spelled(
    loaded: Graph, obs_id: str, spelling: str, title: str
) -> None:
    asked = tree(obs_id)
    assert asked.startswith(f"{obs_id}  ")
    assert asked.splitlines()[1].startswith(f"├── {title}  (")
    assert tree(spelling) == asked
