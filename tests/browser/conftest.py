"""A real browser and a served page; the store is that of the integration tests."""

from __future__ import annotations

import os
import shutil
from collections.abc import Iterator
from typing import Any

import pytest

from jwgraph.settings import Connection
from jwgraph.store.graph import Graph
from tests.integration.conftest import _store, connection, demo, environment, graph, slate
from tests.support import web

__all__ = ["_store", "connection", "demo", "environment", "graph", "slate"]


@pytest.fixture(scope="session")
def browser_type_launch_args(browser_type_launch_args: dict[str, Any]) -> dict[str, Any]:
    """Use the system's Chromium; the Python package brings none."""
    found = shutil.which("chromium")
    if found is None:
        sentence = "there is no chromium on the PATH: `apt-get install chromium` installs it"
        if os.environ.get("CI") == "true":
            pytest.fail(sentence)
        pytest.skip(sentence)
    return {**browser_type_launch_args, "executable_path": found, "args": ["--no-sandbox"]}


@pytest.fixture
def site(demo: Graph, connection: Connection) -> Iterator[str]:
    """Serve the sample, and give the address."""
    with web.served(connection) as made:
        yield made
