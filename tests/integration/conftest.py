"""One real server for the run, and an empty store for each test."""

from __future__ import annotations

import json
from collections.abc import Iterator
from pathlib import Path

import pytest

from jwgraph.settings import Connection
from jwgraph.store import schema
from jwgraph.store.graph import Graph
from tests.support import backends
from tests.support.sources import ASN, ASSOCIATION, LIST
from tests.support.store import load_paths, wipe


@pytest.fixture(scope="session")
def connection(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Connection]:
    with backends.running(backends.chosen(), tmp_path_factory.mktemp("home")) as made:
        yield made


@pytest.fixture(scope="session")
def _store(connection: Connection) -> Iterator[Graph]:
    with Graph(connection) as graph:
        schema.ensure(graph)
        yield graph


@pytest.fixture
def graph(_store: Graph) -> Graph:
    """Return an empty store with its schema."""
    wipe(_store)
    return _store


@pytest.fixture
def environment(connection: Connection, monkeypatch: pytest.MonkeyPatch) -> Path:
    """Point commands at the server of the run."""
    monkeypatch.setenv("NEO4J_URI", connection.uri)
    monkeypatch.setenv("NEO4J_USERNAME", connection.username)
    monkeypatch.setenv("NEO4J_PASSWORD", connection.password)
    monkeypatch.setenv("NEO4J_DATABASE", connection.database)
    return Path.cwd()


@pytest.fixture
def stored(graph: Graph, tmp_path: Path) -> Graph:
    """Return a store with the two small sources."""
    (tmp_path / ASN).write_text(json.dumps(ASSOCIATION))
    (tmp_path / "list.csv").write_text(LIST)
    load_paths(graph, tmp_path / ASN, tmp_path / "list.csv")
    return graph
