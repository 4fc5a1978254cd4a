"""The section that compares two checkouts in one run, in turn: each with its own interpreter and its own stores."""

from __future__ import annotations

import shutil
import sys

from tests.bench import rows
from tests.bench.bench import Bench
from tests.bench.rows import Rows
from tests.bench.server import Usage

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
    names = [f"{what.number:,} rows into a fresh store", f"{what.number:,} rows again"]
    pairs: dict[str, list[tuple[Usage, Usage]]] = {name: [] for name in names[: 1 if again is None else 2]}
    for turn in range(bench.repeat if what.number < LONG else 1):
        # Whoever comes first finds another machine than who comes second: they change places.
        order = (sys.executable, bench.against) if turn % 2 else (bench.against, sys.executable)
        took = {python: _loads(bench, python, what, again) for python in order}
        for name, pair in zip(pairs, zip(took[sys.executable], took[bench.against], strict=True), strict=True):
            pairs[name].append(pair)
    for name, found in pairs.items():
        _say(bench, name, [(new.wall, old.wall) for new, old in found])
        _say(bench, "  processor time", [(new.all_cpu, old.all_cpu) for new, old in found])


def _loads(bench: Bench, python: str, what: Rows, again: Rows | None) -> list[Usage]:
    with bench.fresh(python) as found:
        took = [found.jwgraph("load", *each.arguments) for each in (what, again) if each is not None]
    shutil.rmtree(found.home.path)
    return took


def _say(bench: Bench, name: str, pairs: list[tuple[float, float]]) -> None:
    every = "; ".join(f"{new:.1f} s and {old:.1f} s" for new, old in pairs)
    new, old = (sum(pair[place] for pair in pairs) for place in (0, 1))
    bench.result.add("against", name, new / old, "x", f"this / other: {every}")
