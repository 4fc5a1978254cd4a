"""One real server for the run, and its store as each test needs it."""

from __future__ import annotations

import json
from collections.abc import Iterator
from pathlib import Path

import pytest

from jwgraph.demo import load_demo
from jwgraph.settings import Connection
from jwgraph.store import schema
from jwgraph.store.graph import Graph
from tests.support import backends
from tests.support.small import records
from tests.support.sources import ASN, ASSOCIATION, LIST
from tests.support.store import Slate, load_paths, load_records


@pytest.fixture(scope="session")
def connection(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Connection]:
    with backends.running(backends.chosen(), tmp_path_factory.mktemp("home"), light=True) as made:
        yield made


@pytest.fixture(scope="session")
def _store(connection: Connection) -> Iterator[Graph]:
    with Graph(connection) as graph:
        schema.ensure(graph)
        yield graph


@pytest.fixture(scope="session")
def slate(_store: Graph) -> Slate:
    return Slate(_store)


@pytest.fixture
def graph(slate: Slate) -> Graph:
    """Return an empty store with its schema."""
    return slate.empty()


@pytest.fixture
def demo(slate: Slate) -> Graph:
    """Return a store with the sample."""
    return slate.filled("demo", load_demo)


@pytest.fixture
def small(slate: Slate) -> Graph:
    """Return a store with something of everything."""
    return slate.filled("small", lambda graph: load_records(graph, records()))


@pytest.fixture
def environment(connection: Connection, monkeypatch: pytest.MonkeyPatch) -> Path:
    """Point commands at the server of the run."""
    monkeypatch.setenv("NEO4J_URI", connection.uri)
    monkeypatch.setenv("NEO4J_USERNAME", connection.username)
    monkeypatch.setenv("NEO4J_PASSWORD", connection.password)
    monkeypatch.setenv("NEO4J_DATABASE", connection.database)
    return Path.cwd()


@pytest.fixture
def stored(slate: Slate, tmp_path: Path) -> Graph:
    """Return a store with the two small sources."""

    def fill(graph: Graph) -> None:
        (tmp_path / ASN).write_text(json.dumps(ASSOCIATION))
        (tmp_path / "list.csv").write_text(LIST)
        load_paths(graph, tmp_path / ASN, tmp_path / "list.csv")

    return slate.filled("two sources", fill)
