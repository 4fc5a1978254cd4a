"""The section that compares two checkouts in one run, in turn: each with its own interpreter and its own stores."""

from __future__ import annotations

import shutil
import sys

from tests.bench import rows
from tests.bench.bench import Bench
from tests.bench.rows import Rows

# Rows with which one turn takes minutes.
LONG = 100_000


def comparing(bench: Bench) -> None:
    """Load and load again one Observation, 10,000 rows and the large list: seconds here / seconds there."""
    if not bench.against:
        return
    one, _ = rows.small(bench.folder / "one")
    ten = bench.write("ten-thousand", 10_000)
    for what, again in ((one, one), (ten, None), (bench.rows, bench.again)):
        _compare(bench, what, again)


def _compare(bench: Bench, what: Rows, again: Rows | None) -> None:
    loads: list[tuple[float, float]] = []
    reloads: list[tuple[float, float]] = []
    turns = bench.repeat if what.number < LONG else 1
    for turn in range(turns):
        # Whoever comes first finds another machine than who comes second: they change places.
        order = (sys.executable, bench.against) if turn % 2 else (bench.against, sys.executable)
        took = {python: _loads(bench, python, what, again) for python in order}
        new, old = took[sys.executable], took[bench.against]
        loads.append((new[0], old[0]))
        reloads.append((new[1], old[1]))
    _say(bench, f"{what.number:,} rows into a fresh store", loads)
    if again is not None:
        _say(bench, f"{what.number:,} rows again", reloads)


def _loads(bench: Bench, python: str, what: Rows, again: Rows | None) -> tuple[float, float]:
    with bench.fresh(python) as found:
        first = found.jwgraph("load", *what.arguments).wall
        second = found.jwgraph("load", *again.arguments).wall if again is not None else 0.0
    shutil.rmtree(found.home.path)
    return first, second


def _say(bench: Bench, name: str, pairs: list[tuple[float, float]]) -> None:
    every = "; ".join(f"{new:.1f} s against {old:.1f} s" for new, old in pairs)
    new, old = (sum(pair[place] for pair in pairs) for place in (0, 1))
    bench.result.add("against", name, new / old, "x", f"this checkout / the other: {every}")
