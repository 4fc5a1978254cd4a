"""Measure jwgraph beside its peers, on the same rows in one run: `make bench-peers`, `python -m tests.bench.peers`.

For each number of rows a synthetic archive is written and loaded by jwgraph. The peers load the graph that came of it;
their answers are compared with those of jwgraph, and only where all are equal are questions timed. Times depend on the
machine and its load: compare ratios within one size.
"""

from __future__ import annotations

import argparse
import json
import os
import tempfile
from collections import defaultdict
from collections.abc import Callable
from dataclasses import asdict, dataclass, field
from functools import partial
from pathlib import Path
from typing import Any

from jwgraph.store.graph import Graph
from tests.bench.archive import write as archive
from tests.bench.bench import Bench
from tests.bench.peers import compare, given, ours, stores
from tests.bench.peers.compare import Clocks, Timed
from tests.bench.peers.given import Given
from tests.bench.peers.ladybugs import FormerLadybug, Ladybug
from tests.bench.peers.networks import Networkx
from tests.bench.peers.peer import Absent, Peer
from tests.bench.peers.postgres import Postgres
from tests.bench.peers.questions import PING, Question, choose
from tests.bench.peers.sqlite import Sqlite
from tests.bench.peers.worker import Loaded, Worker, peak, timed, warm
from tests.bench.result import Result, machine
from tests.bench.round_trips import count_round_trips
from tests.bench.rows import PRODUCTS_A_ROW, Rows
from tests.bench.sample import Sample
from tests.bench.server import Server, prepare, version

ROWS = [10_000, 100_000]
PEERS: tuple[type[Peer], ...] = (Postgres, Sqlite, Networkx, Ladybug, FormerLadybug)
ALONE = "the query alone"
# Loads of so many rows and more are measured once, smaller ones several times.
LONG, REPEAT = 50_000, 3


@dataclass
class Size:
    """What was measured on one number of rows."""

    bench: Bench
    samples: list[Sample]
    repeat: int
    loads: defaultdict[str, list[Loaded]] = field(default_factory=lambda: defaultdict(list))
    workers: dict[str, Worker] = field(default_factory=dict)
    skipped: dict[str, str] = field(default_factory=dict)
    steps: dict[str, Any] = field(default_factory=dict)

    def close(self) -> None:
        """End all peers."""
        for each in self.workers.values():
            each.close()


def measure(folder: Path, rows: int) -> dict[str, Any]:
    """Measure one size, and return what was found."""
    print(f"\n{rows:,} rows, load average {os.getloadavg()[0]:.1f}", flush=True)
    made = archive.write(folder / "archive", int(rows * PRODUCTS_A_ROW))
    bench = Bench(Result(), folder, rows, archive=True)
    vars(bench)["rows"] = Rows(tuple(made.paths), made.rows)
    size = Size(bench, made.samples, REPEAT if rows < LONG else 1)
    try:
        with bench.fresh() as found:
            return _measure(size, found) | {"rows": rows, "products": made.products}
    finally:
        size.close()


def _measure(size: Size, found: Server) -> dict[str, Any]:
    bench = size.bench
    first = stores.ours(bench, found)
    size.steps = first.steps
    dump = bench.folder / "dump"
    # What is dumped is the graph of this server, not of another one.
    vars(bench)["dumped"] = (dump, found.jwgraph("store", "dump", str(dump)))
    manifest = json.loads((dump / "manifest.json").read_text(encoding="utf-8"))
    tables = given.write(dump, bench.folder / "given")
    _say(size, ours.NAME, first.loaded)
    for turn in range(size.repeat):
        if turn:
            with bench.fresh() as another:
                _say(size, ours.NAME, stores.ours(bench, another).loaded)
        _say(size, stores.IMPORT, stores.imported(bench))
        for name in (stores.PY2NEO, stores.MERGE):
            _say(size, name, stores.written(bench, name, manifest["digest"]))
        for peer in PEERS:
            _load(size, peer, tables, turn)
    questions = choose(tables, size.samples)
    with Graph(found.connection) as graph:
        answers, sizes, turns = _answers(size, graph, found, questions)
    counts = {kind: sum(each.values()) for kind, each in manifest["counts"].items()}
    return {
        "counts": counts | {"listed": bench.rows.number},
        "machine": machine() | {"load_average": round(os.getloadavg()[0], 1)},
        "questions": {kind: {"asked": len(each), "rows": sizes[kind]} for kind, each in questions.items()},
        "about": {kind: each[0].value for kind, each in questions.items() if kind in ("impact", "trees")},
        "peers": _peers(size, answers, found),
        "skipped": size.skipped,
        "profile": {"steps": size.steps, "turns": turns},
    }


def _load(size: Size, peer: type[Peer], tables: Given, turn: int) -> None:
    if peer.NAME in size.skipped:
        return
    if peer.NAME in size.workers:
        size.workers.pop(peer.NAME).close()
    try:
        worker = size.workers[peer.NAME] = Worker(peer, size.bench.folder / f"{peer.__name__}-{turn}")
    except Absent as error:
        size.skipped[peer.NAME] = str(error)
        print(f"  {peer.NAME} is skipped: {error}", flush=True)
        return
    _say(size, peer.NAME, worker.load(tables))


def _say(size: Size, name: str, loaded: Loaded) -> None:
    size.loads[name].append(loaded)
    print(f"  {name}: {loaded.seconds:.2f} s, {loaded.memory:,.0f} MB, on disk {loaded.disk:,.0f} MB", flush=True)


def _answers(
    size: Size, graph: Graph, found: Server, questions: dict[str, list[Question]]
) -> tuple[dict[str, dict[str, Timed]], dict[str, list[int]], dict[str, int]]:
    """Compare all answers, then time them: by peer and kind; with the rows of each, and the turns of jwgraph's."""
    own = ours.Ours(graph)
    sizes = compare.same_answers(own.answer, {name: each.answer for name, each in size.workers.items()}, questions)
    print("  all answers are equal", flush=True)
    clocks = {ours.NAME: _clocks(own.answer)}
    clocks |= {name: compare.of_worker(each) for name, each in size.workers.items()}
    answers: defaultdict[str, dict[str, Timed]] = defaultdict(dict)
    turns = {}
    for kind, each in questions.items():
        alone = {} if kind == PING or kind not in ours.QUERIES else {ALONE: _clocks(own.alone)}
        for name, took in compare.times({**clocks, **alone}, kind, each).items():
            answers[name][kind] = took
        trips: Callable[[Graph], int] = partial(_asked, each[0])
        turns[kind] = count_round_trips(found.connection, trips)[0]
    return dict(answers), sizes, turns


def _asked(question: Question, graph: Graph) -> int:
    return len(ours.Ours(graph).answer(question))


def _clocks(answering: Callable[[Question], Any]) -> Clocks:
    return Clocks(partial(warm, answering), partial(timed, answering))


def _peers(size: Size, answers: dict[str, dict[str, Timed]], found: Server) -> dict[str, Any]:
    about = {ours.NAME: ours.ABOUT} | stores.ABOUT | {each.NAME: each.ABOUT for each in PEERS}
    most = {name: each.memory() for name, each in size.workers.items()} | {ours.NAME: peak(found.process)}
    peers = {}
    for name, loads in size.loads.items():
        last = loads[-1]
        peers[name] = {
            "version": last.version,
            "about": about[name],
            "load": [round(each.seconds, 3) for each in loads],
            "memory": {"load": round(max(each.memory for each in loads), 1)}
            | ({"answers": round(most[name], 1)} if name in most else {}),
            "disk": round(last.disk, 1),
            "answers": {kind: asdict(took) for kind, took in answers.get(name, {}).items()},
        }
    peers[ours.NAME]["alone"] = {kind: asdict(took) for kind, took in answers[ALONE].items()}
    return peers


def main() -> None:
    """Measure the sizes that are asked for."""
    parser = argparse.ArgumentParser(prog="python -m tests.bench.peers", description="Measure peers of jwgraph.")
    parser.add_argument("--rows", type=int, nargs="+", default=ROWS, metavar="N", help="rows of the product lists")
    parser.add_argument(
        "--json", type=Path, metavar="FILE", help="write the result to a file; other sizes that it has stay in it"
    )
    wanted = parser.parse_args()
    prepare()
    for rows in wanted.rows:
        with tempfile.TemporaryDirectory(prefix="jwgraph-peers-") as name:
            found = measure(Path(name), rows)
        if wanted.json:
            keep(wanted.json, found)
    print(f"\nNeo4j {version()}; load average {os.getloadavg()[0]:.1f} at the end")


def keep(path: Path, found: dict[str, Any]) -> None:
    """Write one size to a file, in the place of the same one, and beside others."""
    others = json.loads(path.read_text(encoding="utf-8"))["sizes"] if path.exists() else []
    sizes = [each for each in others if each["rows"] != found["rows"]] + [found]
    sizes.sort(key=lambda each: int(each["rows"]))
    path.write_text(json.dumps({"sizes": sizes}, indent=1) + "\n", encoding="utf-8")
