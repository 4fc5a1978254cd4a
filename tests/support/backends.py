"""Which real Neo4j the integration tests run against, and how it is started.

In this order: `NEO4J_URI`, where it is given and `JWGRAPH_TEST_DISPOSABLE=1` says that it may be emptied; a container,
where Docker answers; the managed server. `JWGRAPH_TEST_BACKEND=uri|container|managed` asks for one of them.
"""

from __future__ import annotations

import os
from collections.abc import Iterator
from contextlib import contextmanager, nullcontext
from functools import cache
from pathlib import Path

import pytest

from jwgraph import settings
from jwgraph.server import DEFAULT_VERSION
from jwgraph.settings import Connection

BACKENDS = ("uri", "container", "managed")
REPLAN = "dbms.cypher.min_replan_interval=1h"
COMPILE = "-XX:TieredStopAtLevel=1"
# A busy machine starts a server in minutes.
START_SECONDS = 1200.0


@cache
def given() -> Connection | None:
    """Return the server that the environment of the run names; the tests themselves run without these variables."""
    return settings.from_environment()


@cache
def chosen() -> str:
    """Return the backend of this run."""
    asked = os.environ.get("JWGRAPH_TEST_BACKEND", "")
    if asked:
        if asked not in BACKENDS:
            raise ValueError(f"JWGRAPH_TEST_BACKEND is one of {', '.join(BACKENDS)}, not {asked!r}")
        return asked
    if given() and os.environ.get("JWGRAPH_TEST_DISPOSABLE") == "1":
        return "uri"
    from tests.container import backend as docker

    return "container" if docker.docker_answers() else "managed"


def version() -> str:
    """Return the Neo4j version asked for, or the default of the managed server."""
    return os.environ.get("JWGRAPH_NEO4J", "")


@contextmanager
def running(kind: str, folder: Path, *, light: bool = False) -> Iterator[Connection]:
    """Start the backend, and stop it at the end.

    Parameters
    ----------
    folder
        Where the managed server keeps its store.
    light
        Spend no CPU time on what pays in a long run only; nothing is measured on such a server.
    """
    if kind == "uri":
        named = given()
        assert named is not None, "JWGRAPH_TEST_BACKEND=uri needs NEO4J_URI"
        yield named
    elif kind == "container":
        from tests.container import backend as docker

        with docker.container(version() or DEFAULT_VERSION) as made:
            yield Connection(made["uri"], made["username"], made["password"], made["database"])
    else:
        from jwgraph import server

        home = server.Home(folder)
        try:
            with _light() if light else nullcontext():
                connection = server.up(home, version=version() or None, progress=lambda _text: None)
            yield connection
        finally:
            server.down(home)


def again(folder: Path) -> Connection:
    """Start the managed server of a folder again, after it was killed."""
    from jwgraph import server

    with _light():
        return server.up(server.Home(folder), version=version() or None, progress=lambda _text: None)


@contextmanager
def _light() -> Iterator[None]:
    """Start a server that plans each statement once and compiles little: most of a run's CPU time would go there."""
    from jwgraph.server import config, process

    command = config.command
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(process, "START_SECONDS", START_SECONDS)
        patch.setattr(config, "SETTINGS", f"{config.SETTINGS}{REPLAN}\n")
        patch.setattr(config, "command", lambda *given: [command(*given)[0], COMPILE, *command(*given)[1:]])
        yield
