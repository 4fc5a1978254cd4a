"""Section about size: the same questions to stores of different sizes, in turn, and what it took to load each."""

from __future__ import annotations

import shutil
import statistics
from contextlib import ExitStack
from dataclasses import dataclass

from jwgraph.store import queries
from jwgraph.store.graph import Graph
from tests.bench.bench import Bench, load
from tests.bench.hits import asked_of, profiled
from tests.bench.loads import say
from tests.bench.result import Result
from tests.bench.sample import Sample
from tests.bench.starts import cases, timed

ASKED = 41


@dataclass(frozen=True, slots=True)
class Store:
    """A store of so many rows, and what it is asked about."""

    number: int
    graph: Graph
    sample: Sample


def growing(bench: Bench) -> None:
    """Load a list of each size into a server of its own, and ask all of them about the Observation in the middle."""
    with ExitStack() as running:
        stores = [_loaded(bench, number, running) for number in bench.sizes]
        result = bench.result
        for name in ("most memory of the loader", "entities a second"):
            *_, before, largest = (result.value("growth", f"{each.number:,} rows: {name}") for each in stores)
            result.ratio("growth", f"{name}, largest / next", largest, before)
        _ask(result, stores)
        _count(result, stores)


def _loaded(bench: Bench, number: int, running: ExitStack) -> Store:
    what = bench.write(f"rows-{number}", number)
    found = running.enter_context(bench.fresh())
    done = load(found, what, bench.folder)
    shutil.rmtree(bench.folder / f"rows-{number}")
    result, start = bench.result, f"{number:,} rows"
    say(result, "growth", f"{start}: load into a fresh store", done, start=f"{start}: ")
    entities = done.found["nodes"] + done.found["edges"]
    result.add("growth", f"{start}: nodes and edges", entities)
    result.add("growth", f"{start}: entities a second", entities / done.usage.wall)
    result.add("growth", f"{start}: most memory of the loader", done.usage.peak, "MB")
    result.add("growth", f"{start}: store on disk", found.disk, "MB")
    assert what.sample is not None
    return Store(number, running.enter_context(Graph(found.connection)), what.sample)


def _ask(result: Result, stores: list[Store]) -> None:
    """Time whole answers: each round asks every store once."""
    asked = zip(*(cases(each.graph, each.sample) for each in stores), strict=True)
    for same in asked:
        for _, call in same:
            call()
        took = list(zip(*([timed(call) * 1e3 for _, call in same] for _ in range(ASKED)), strict=True))
        middles = [statistics.median(each) for each in took]
        every = ", ".join(f"{each.number:,}: {middle:.2f} ms" for each, middle in zip(stores, middles, strict=True))
        name = f"{same[0][0]}, p50, largest / smallest"
        result.ratio("growth", name, middles[-1], middles[0], f"of {ASKED} in turn; {every}")


def _count(result: Result, stores: list[Store]) -> None:
    """Count database hits of each named query, once its plan is made."""
    asked = zip(*(asked_of(each.sample) for each in stores), strict=True)
    for same in asked:
        found = []
        for store, (query, values) in zip(stores, same, strict=True):
            profiled(store.graph, query, values)
            found.append(profiled(store.graph, query, values))
        every = ", ".join(f"{each.number:,}: {read.hits:,}" for each, read in zip(stores, found, strict=True))
        rows = f"rows of the answers {found[0].rows} to {found[-1].rows}"
        name = f"{queries.short_name(same[0][0].name)}, hits, largest / smallest"
        result.ratio("growth", name, found[-1].hits, found[0].hits, f"{every}; {rows}")
