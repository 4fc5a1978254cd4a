"""Measure loading and queries against a real server, side by side in one run: `make bench`.

The managed server is measured, or what `JWGRAPH_TEST_BACKEND` asks for. `JWGRAPH_BENCH_ROWS` sets the number of rows
of the synthetic product list (default one million).
"""

from __future__ import annotations

import os
import resource
import statistics
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable
from pathlib import Path

from jwgraph.answers import lineage
from jwgraph.answers.associations import members
from jwgraph.answers.observations import observations as find_observations
from jwgraph.answers.products import links, mrp, product, tree
from jwgraph.settings import Connection
from jwgraph.store import schema
from jwgraph.store.graph import Graph
from tests.bench import synthetic
from tests.bench.round_trips import count_round_trips
from tests.support import backends
from tests.support.store import wipe

BACKEND = os.environ.get("JWGRAPH_TEST_BACKEND", "managed")
ROWS = int(os.environ.get("JWGRAPH_BENCH_ROWS", "1000000"))
REPEAT = 101
STARTS = 15


def main() -> None:
    """Load synthetic rows, then time each query beside a bare `RETURN 1`."""
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        print(f"rows of the product list         {ROWS:>12,}", flush=True)
        products, associations, observations = synthetic.write(folder, ROWS)
        with backends.running(BACKEND, folder / "home") as connection, Graph(connection) as graph:
            print(f"server                           {graph.server():>12} ({BACKEND})", flush=True)
            schema.ensure(graph)
            wipe(graph)
            _loading(graph, connection, products, associations)
            _queries(graph, observations // 2)
            _trips(connection, observations // 2)
            _start_up(connection, observations // 2)


def _loading(graph: Graph, connection: Connection, products: Path, associations: Path) -> None:
    command = [sys.executable, "-m", "jwgraph", "--quiet", "load", str(products), str(associations)]
    before = time.perf_counter()
    subprocess.run(command, env=_environment(connection), check=True, stdout=subprocess.DEVNULL)
    seconds = time.perf_counter() - before
    peak = resource.getrusage(resource.RUSAGE_CHILDREN).ru_maxrss / 1024
    counts = {(row["kind"], row["name"]): row["number"] for row in graph.read("query/counts")}
    edges = sum(number for (kind, _), number in counts.items() if kind == "edge")
    nodes = counts["node", "Product"] + counts["node", "Observation"]
    total = counts["node", "Product"] + edges
    print(f"load, whole process              {seconds:>12.1f} s")
    print(f"products, Observations           {counts['node', 'Product']:>12,} {nodes - counts['node', 'Product']:,}")
    print(f"edges                            {edges:>12,}")
    print(f"products and edges a second      {total / seconds:>12,.0f}")
    print(f"rows a second                    {ROWS / seconds:>12,.0f}")
    print(f"peak memory of the loader        {peak:>12.0f} MB", flush=True)


def _environment(connection: Connection) -> dict[str, str]:
    return os.environ | {
        "NEO4J_URI": connection.uri,
        "NEO4J_USERNAME": connection.username,
        "NEO4J_PASSWORD": connection.password,
    }


def _queries(graph: Graph, number: int) -> None:
    program, within, level3 = synthetic.observation_id(number)
    exposure = next(synthetic.exposures(program, within))
    asn = synthetic.association(number)[0]
    cases: list[tuple[str, Callable[[], object]]] = [
        ("tree (51 files)", lambda: tree(graph, level3)),
        ("mrp", lambda: mrp(graph, level3)),
        ("lineage --up of the L3", lambda: lineage.lineage(graph, f"{level3}_i2d.fits", up=True)),
        ("lineage --down of a raw", lambda: lineage.lineage(graph, f"{exposure}_uncal.fits", up=False)),
        ("members", lambda: members(graph, asn)),
        ("links", lambda: links(graph, f"{exposure}_cal.fits")),
        ("product", lambda: product(graph, f"{exposure}_cal.fits")),
        ("observations --program", lambda: find_observations(graph, program=program)),
    ]
    print(f"\n{'query':<32} {'p50 ms':>10} {'of RETURN 1':>12} {'rows':>6}")
    for name, call in cases:
        base, times = [], []
        found = call()
        for _ in range(REPEAT):
            base.append(_timed(lambda: graph.read("internal/ping")))
            times.append(_timed(call))
        middle, bare = statistics.median(times), statistics.median(base)
        size = len(found) if isinstance(found, list) else 1
        print(f"{name:<32} {middle * 1e3:>10.2f} {middle / bare:>11.1f}x {size:>6}", flush=True)
    print(f"{'RETURN 1':<32} {bare * 1e3:>10.2f} {1:>11.1f}x {1:>6}")


def _timed(call: Callable[[], object]) -> float:
    before = time.perf_counter()
    call()
    return time.perf_counter() - before


def _trips(connection: Connection, number: int) -> None:
    level3 = synthetic.observation_id(number)[2]
    trips, files = count_round_trips(connection, lambda graph: len(tree(graph, level3)))
    print(f"\nround trips for a tree of {files} files: {trips}", flush=True)


def _start_up(connection: Connection, number: int) -> None:
    """Time a whole process, asked for one answer, beside one that imports the driver and ends."""
    level3 = synthetic.observation_id(number)[2]
    environment = _environment(connection)

    def run(*arguments: str) -> None:
        subprocess.run([sys.executable, *arguments], env=environment, check=True, stdout=subprocess.DEVNULL)

    bare, whole = [], []
    for _ in range(STARTS):
        bare.append(_timed(lambda: run("-c", "import neo4j")))
        whole.append(_timed(lambda: run("-m", "jwgraph", "mrp", level3, "--format", "csv")))
    middle, least = statistics.median(whole), statistics.median(bare)
    print(f"jwgraph mrp, whole process       {middle:>12.2f} s, {middle / least:.2f}x of python -c 'import neo4j'")


if __name__ == "__main__":
    main()
