"""The section that shows where the time goes: functions of Python, steps of the server."""

from __future__ import annotations

from jwgraph.store import queries
from tests.bench.bench import Bench, Traced, load
from tests.bench.result import NAME
from tests.bench.server import threads

FUNCTIONS = 15
LEAST = 0.01


def profiling(bench: Bench) -> None:
    """Load the large list and load it again, with samples of Python, the groups of programs derived one by one."""
    with bench.fresh() as found:
        for name, rows in (("profile of a load", bench.rows), ("profile of a reload", bench.again)):
            before = threads(found.process)
            _say(bench, name, load(found, rows, bench.folder, sample=True))
            for kind, seconds in threads(found.process).items():
                bench.result.add(name, f"server: of all that, its {kind}", seconds - before[kind], "s", "CPU, at least")


def _say(bench: Bench, section: str, done: Traced) -> None:
    result, steps = bench.result, done.found["steps"]
    result.details[section] = done.found
    result.add(section, "whole process", done.usage.wall, "s", done.usage.said())
    names = {query.summary: query.name for query in queries.every("derive")}
    java = sum(each[1] for each in steps.values())
    for step, (wall, server, python) in steps.items():
        if server >= LEAST * java:
            note = f"CPU; wall {wall:.1f} s, Python {python:.1f} s"
            result.add(section, shortened(f"server: {names.get(step, step)}"), server, "s", note)
    own = sum(done.found["packages"].values()) or 1.0
    for name, seconds in done.found["packages"].items():
        if seconds >= LEAST * own:
            result.add(section, shortened(f"Python: {name}"), seconds, "s", f"CPU; {seconds / own:.0%} of the samples")
    for name, seconds, within in done.found["functions"][:FUNCTIONS]:
        note = f"CPU in itself; {within:.2f} s with what it calls"
        result.add(section, shortened(name, end=True), seconds, "s", note)


def shortened(name: str, *, end: bool = False) -> str:
    """Cut a name to the width of the table, at its end or at its beginning; it is whole in the JSON."""
    if len(name) <= NAME:
        return name
    return f"…{name[1 - NAME :]}" if end else f"{name[: NAME - 1]}…"
