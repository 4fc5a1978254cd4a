"""The training run that makes the cache of Java's classes: `python -m jwgraph.training VERSION`.

A server of its own, in a folder that is removed, loads the sample twice and answers every query; when it ends, Java
writes what it has learned. Nothing is printed, and nobody waits for it.
"""

from __future__ import annotations

import os
import shutil
import sys
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path
from typing import Any

import psutil

from jwgraph import settings
from jwgraph.demo import OBS_ID, load_demo
from jwgraph.errors import JwgraphError
from jwgraph.server import class_cache, process
from jwgraph.server.class_cache import ClassCache
from jwgraph.server.home_folder import Home
from jwgraph.server.jars import ensure_jars
from jwgraph.server.runtime import java
from jwgraph.store import queries
from jwgraph.store.digest import digest
from jwgraph.store.graph import Graph

# It takes half a minute of processor time, of which the lowest priority gets little while a load goes on.
PATIENCE = 1800.0

FILE = f"{OBS_ID}_i2d.fits"
VALUES: dict[str, Any] = {
    "obs_id": OBS_ID,
    "obs_ids": [OBS_ID],
    "filename": FILE,
    "name": FILE,
    "start": FILE,
    "end": FILE,
    "since": 0,
    "program": "02221",
}
"""A value for each parameter of the named queries that has no default."""


def main(version: str) -> None:
    """Make the cache for a version of Neo4j, unless it is there or another process makes it."""
    from filelock import FileLock, Timeout

    _step_back()
    jars = ensure_jars(version, _nothing)
    classes = class_cache.of(version, java(version), jars)
    if classes is None:
        return
    classes.file.parent.mkdir(parents=True, exist_ok=True)
    try:
        with FileLock(classes.file.with_suffix(".lock")).acquire(timeout=0):
            if classes.wanted():
                classes.attempt()
                _train(classes, version)
    except Timeout:
        return


def _step_back() -> None:
    """Take the lowest priority; the servers that are started from here have it too."""
    own = psutil.Process()
    # The names are those of Windows, else of Linux; macOS has no priority of input and output.
    with suppress(psutil.Error, OSError, AttributeError):
        own.nice(getattr(psutil, "IDLE_PRIORITY_CLASS", 19))
        own.ionice(getattr(psutil, "IOPRIO_VERYLOW", None) or psutil.IOPRIO_CLASS_IDLE)


def _train(classes: ClassCache, version: str) -> None:
    home = Home(classes.file.with_suffix(".training"))
    part = classes.file.with_suffix(".part")
    with _empty(home, part):
        connection = process.up(
            home, version=version, progress=_nothing, options=classes.to_make(part), patience=PATIENCE
        )
        with Graph(connection) as graph:
            exercise(graph)
        process.down(home, patience=PATIENCE)
        if part.exists() and part.stat().st_size:
            classes.keep(part)


@contextmanager
def _empty(home: Home, part: Path) -> Iterator[None]:
    """Begin and end without a home; a run that was killed has left its own, and its server."""

    def clear() -> None:
        process.down(home)
        shutil.rmtree(home.path, ignore_errors=True)
        for path in part.parent.glob(f"{part.name}*"):
            path.unlink(missing_ok=True)

    clear()
    try:
        yield
    finally:
        clear()


def exercise(graph: Graph) -> None:
    """Do what servers do: load something new, load it again, answer each query."""
    for _ in range(2):
        load_demo(graph)
    for query in queries.every("query"):
        graph.read(query.name, **{each.name: VALUES[each.name] for each in query.params if each.default is None})
    digest(graph)


def _nothing(_text: str) -> None:
    """Say nothing."""


if __name__ == "__main__":
    # The user's own server, folders and queries are no part of it.
    for name in (settings.HOME, settings.PORT, settings.URI, settings.PASSWORD, settings.QUERIES):
        os.environ.pop(name.name, None)
    os.environ[settings.HEAP.name] = "512m"
    os.environ[settings.PAGECACHE.name] = "64m"
    with suppress(JwgraphError, OSError, psutil.Error):
        main(sys.argv[1])
