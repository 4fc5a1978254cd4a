"""Sections about waiting: the start of the server, answers in round trips, the start of a command."""

from __future__ import annotations

import os
import statistics
import sys
import tempfile
import time
from collections.abc import Callable
from pathlib import Path

from jwgraph import server, settings
from jwgraph.answers import lineage
from jwgraph.answers.associations import members
from jwgraph.answers.observations import observations as find_observations
from jwgraph.answers.products import links, mrp, product, tree
from jwgraph.store.graph import Graph
from tests.bench.bench import Bench
from tests.bench.round_trips import count_round_trips
from tests.bench.sample import Sample
from tests.bench.server import run

STARTS, ANSWERS, COMMANDS = 7, 101, 15


def starting(bench: Bench) -> None:
    """Start a server of a small store with the cache of Java's classes and without, in turn."""
    home = server.Home(Path(tempfile.mkdtemp(dir=bench.folder, prefix="home-")))
    took: dict[str, list[float]] = {"on": [], "off": []}
    # The first start makes the store.
    for cached in ("on", *("on", "off") * STARTS):
        os.environ[settings.CLASS_CACHE.name] = cached
        try:
            took[cached].append(timed(lambda: server.up(home, progress=lambda _text: None)))
        finally:
            server.down(home)
            del os.environ[settings.CLASS_CACHE.name]
    result = bench.result
    result.add("start", "first start, which makes the store", took["on"].pop(0), "s")
    cached_s = result.middle("start", "start with the cache of classes", took["on"], "s")
    bare_s = result.middle("start", "start without it", took["off"], "s", "in turn with the former")
    result.ratio("start", "with / without", cached_s, bare_s)


def answering(bench: Bench) -> None:
    """Time answers beside a bare `RETURN 1`, in turn."""
    found, _ = bench.first_load
    with Graph(found.connection) as graph:
        for name, call in cases(graph, bench.sample):
            base, times = [], []
            answer = call()
            for _ in range(ANSWERS):
                base.append(timed(lambda: graph.read("internal/ping")) * 1e3)
                times.append(timed(call) * 1e3)
            middle, bare = statistics.median(times), statistics.median(base)
            size = len(answer) if isinstance(answer, list) else 1
            note = f"p50 of {ANSWERS}: {middle:.2f} ms; RETURN 1 in turn: {bare:.2f} ms; {size} rows"
            bench.result.add("queries", name, middle / bare, "trips", note)
    level3 = bench.sample.obs_id
    trips, files = count_round_trips(found.connection, lambda graph: len(tree(graph, level3)))
    bench.result.add("queries", "turns of the conversation for a tree", trips, "", f"{files} files")


def cases(graph: Graph, about: Sample) -> list[tuple[str, Callable[[], object]]]:
    """Return answers by name, each as a call."""
    raw, calibrated = (f"{about.exposure}_{suffix}.fits" for suffix in ("uncal", "cal"))
    return [
        ("tree", lambda: tree(graph, about.obs_id)),
        ("mrp", lambda: mrp(graph, about.obs_id)),
        ("lineage --up", lambda: lineage.lineage(graph, about.filename, up=True)),
        ("lineage --down", lambda: lineage.lineage(graph, raw, up=False)),
        ("members", lambda: members(graph, about.association)),
        ("links", lambda: links(graph, calibrated)),
        ("product", lambda: product(graph, calibrated)),
        ("observations --program", lambda: find_observations(graph, program=about.program)),
    ]


def commanding(bench: Bench) -> None:
    """Time a whole command beside a Python that imports the driver and ends, in turn."""
    found, _ = bench.first_load
    asked = [sys.executable, "-m", "jwgraph", "mrp", bench.sample.obs_id, "--format", "csv"]
    bare = [sys.executable, "-c", "import neo4j"]
    run(asked, found.environment)
    run(bare, found.environment)
    pairs = [(run(bare, found.environment).wall, run(asked, found.environment).wall) for _ in range(COMMANDS)]
    driver, whole = (statistics.median(pair[place] for pair in pairs) for place in (0, 1))
    result = bench.result
    result.add("command", "python -c 'import neo4j'", driver, "s", f"median of {COMMANDS}, in turn with the next")
    result.add("command", "jwgraph mrp, whole process", whole, "s")
    middle = statistics.median(each / base for base, each in pairs)
    result.add("command", "jwgraph mrp / import neo4j", middle, "x", f"median of {COMMANDS} pairs")


def timed(call: Callable[[], object]) -> float:
    """Return the seconds that a call takes."""
    before = time.perf_counter()
    call()
    return time.perf_counter() - before
