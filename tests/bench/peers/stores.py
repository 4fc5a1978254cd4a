"""Loads into Neo4j, each into a fresh store: jwgraph's own, the offline import, py2neo, UNWIND MERGE."""

from __future__ import annotations

import shutil
import sys
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from jwgraph.store import schema
from jwgraph.store.digest import digest
from jwgraph.store.graph import Graph
from tests.bench import offline
from tests.bench import server as servers
from tests.bench.bench import Bench, load
from tests.bench.peers.worker import Loaded, peak
from tests.bench.server import Server, Usage

IMPORT, PY2NEO, MERGE = "neo4j-admin import", "py2neo bulk", "UNWIND MERGE"
_FINISHED = "given the finished graph; reads no source and derives nothing"
ABOUT = {
    IMPORT: f"Neo4j's own offline import, the limit; {_FINISHED}, and makes no index",
    PY2NEO: f"`create_nodes` and `create_relationships` of `py2neo.bulk` in batches of 10,000; {_FINISHED}; the "
    "constraints are there before",
    MERGE: f"one session of the official driver in batches of 10,000; {_FINISHED}; the constraints are there before",
}
_WAYS = {PY2NEO: "py2neo", MERGE: "merge"}


@dataclass(frozen=True, slots=True)
class OurLoad:
    """A load by jwgraph, with its steps."""

    loaded: Loaded
    steps: dict[str, Any]


def ours(bench: Bench, found: Server) -> OurLoad:
    """Load the sources of a bench by jwgraph."""
    done = load(found, bench.rows, bench.folder)
    return OurLoad(_loaded(found, done.usage), done.found["steps"])


def imported(bench: Bench) -> Loaded:
    """Import the graph offline, and compare its digest.

    Raises
    ------
    RuntimeError
        It is another graph.
    """
    home = bench.imported()
    used = bench.imports[-1]
    disk = sum(each.stat().st_size for each in home.path.rglob("*") if each.is_file()) / 1e6
    _same(IMPORT, offline.digest_of(home), bench.tables.digest)
    shutil.rmtree(home.path)
    return Loaded(used.wall, used.peak, disk, f"Neo4j {servers.version()}")


def written(bench: Bench, name: str, expected: str) -> Loaded:
    """Load the finished graph by py2neo or UNWIND MERGE, and compare its digest.

    Raises
    ------
    RuntimeError
        It is another graph.
    """
    with bench.fresh() as found:
        with Graph(found.connection) as graph:
            schema.ensure(graph)
        here = str(Path(__file__).resolve().parents[3])
        command = [sys.executable, "-W", "ignore", "-m", "tests.bench.peers.bulk", _WAYS[name]]
        command += [str(found.home.path), str(bench.dumped[0])]
        used = servers.run(command, found.environment | {"PYTHONPATH": here}, watched=found.process)
        loaded = _loaded(found, used)
        with Graph(found.connection) as graph:
            _same(name, digest(graph), expected)
    shutil.rmtree(found.home.path)
    return loaded


def _loaded(found: Server, used: Usage) -> Loaded:
    return Loaded(used.wall, used.peak + peak(found.process), found.disk, f"Neo4j {servers.version()}")


def _same(name: str, found: str, expected: str) -> None:
    if found != expected:
        raise RuntimeError(f"{name} made a graph with digest {found}, and jwgraph one with {expected}")
