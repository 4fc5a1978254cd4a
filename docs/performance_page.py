"""The page of performance, from what `make bench-peers` measured: `tests/bench/results/peers.json`.

No number stands here: the page says what the result says, also where a peer is faster.
"""

from __future__ import annotations

import json
import statistics
import textwrap
from collections.abc import Iterator, Mapping, Sequence
from pathlib import Path
from typing import Any

from docs.growth_plot import Panel, draw
from docs.markdown import NOTE, table

RESULT = Path(__file__).resolve().parents[1] / "tests" / "bench" / "results" / "peers.json"
OURS, IMPORT, PY2NEO, MERGE = "jwgraph", "neo4j-admin import", "py2neo bulk", "UNWIND MERGE"
POSTGRES, LADYBUG = "PostgreSQL", "Ladybug"
KINDS = {
    "tree": "tree",
    "mrp": "MRP",
    "lineage_up": "lineage up",
    "lineage_down": "lineage down",
    "impact": "impact",
    "observations": "Observations",
    "trees": "all trees",
}
_PING = "ping"
# So much faster than PostgreSQL is the impact of thousands of files meant to be.
_TIMES = 5
# Steps of a load that have a line of their own.
_STEPS = 6

Size = dict[str, Any]


def page() -> str:
    """Return the page."""
    return performance(_read())


def picture() -> str:
    """Return the picture of the growth."""
    return growth(_read())


def _read() -> list[Size]:
    found: list[Size] = json.loads(RESULT.read_text(encoding="utf-8"))["sizes"]
    return found


def performance(sizes: Sequence[Size]) -> str:
    """Return the page of a result."""
    return "\n".join(
        (
            "# Performance beside other stores\n",
            NOTE,
            *_how(sizes),
            "## What was aimed at\n",
            table(("aim", *(_rows(size) for size in sizes)), list(_aims(sizes))),
            *_losses(sizes[-1]),
            "## Growth\n",
            "![Times of loads and of questions against the number of products](assets/growth.svg)\n",
            *(part for size in sizes for part in _size(size)),
            *_profile(sizes),
            *_given(sizes[-1]),
        )
    )


def _how(sizes: Sequence[Size]) -> Iterator[str]:
    machine = sizes[-1]["machine"]
    yield _prose(
        "A synthetic archive (`tests/bench/archive/`) is loaded by jwgraph from product lists, searches, keywords, "
        "tables of reference files, associations and pools. The other stores are given the graph that came of it, with "
        "all that jwgraph derived, and derive nothing. Their answers are compared with those of jwgraph, row by row, "
        "and only if all are equal is anything timed, all stores in turn and warm."
    )
    yield _prose(
        f"`make bench-peers` repeats it. This result is of a machine with {machine['cores']} cores and "
        f"{machine['memory_mb'] / 1000:.0f} GB, load average {machine['load_average']} at the end; compare ratios "
        "within one size, rather than seconds."
    )
    yield _prose(
        "jwgraph's answers are those that Python gets: besides what is compared they have relations, roles and "
        "associations, and say what is not known, which needs more of the graph and of Python. PostgreSQL is asked "
        "over its socket; SQLite, networkx and Ladybug are in the process that asks, so that nothing travels."
    )


def _prose(text: str) -> str:
    return textwrap.fill(text, 120, break_long_words=False, break_on_hyphens=False) + "\n"


def _rows(size: Size) -> str:
    return f"{size['rows']:,} rows"


def _load(size: Size, name: str) -> float:
    return statistics.median(size["peers"][name]["load"])


def _p50(size: Size, name: str, kind: str) -> float:
    return float(size["peers"][name]["answers"][kind]["p50"])


def _asked(size: Size) -> list[str]:
    """Return the peers that answered questions."""
    return [name for name, each in size["peers"].items() if each["answers"]]


def _aims(sizes: Sequence[Size]) -> Iterator[tuple[str, ...]]:
    for name in (PY2NEO, MERGE):
        yield (
            f"load with everything derived, ahead of {name}",
            *(_aim(_load(s, name) / _load(s, OURS), 1) for s in sizes),
        )
    for name in sorted({name for size in sizes for name in _asked(size) if name.startswith(LADYBUG)}):
        yield f"every question ahead of {name}", *(_ahead(size, name) for size in sizes)
    yield (
        f"impact of a reference file at least {_TIMES} times as fast as {POSTGRES}",
        *(_against(size, "impact", _TIMES) for size in sizes),
    )
    yield f"all trees of a program level with {POSTGRES} or better", *(_against(size, "trees", 1) for size in sizes)


def _aim(times: float, wanted: float) -> str:
    return f"{'reached' if times >= wanted else 'not reached'}: {_number(times)} times as fast"


def _against(size: Size, kind: str, wanted: float) -> str:
    if POSTGRES not in size["peers"]:
        return "not measured"
    return _aim(_p50(size, POSTGRES, kind) / _p50(size, OURS, kind), wanted)


def _ahead(size: Size, name: str) -> str:
    if name not in size["peers"]:
        return "not measured"
    ahead = [KINDS[kind] for kind in KINDS if _p50(size, OURS, kind) <= _p50(size, name, kind)]
    if len(ahead) == len(KINDS):
        return "reached"
    return f"not reached: {len(ahead)} of {len(KINDS)}" + (f" ({', '.join(ahead)})" if ahead else "")


def _losses(size: Size) -> Iterator[str]:
    yield "## Where other stores are faster\n"
    yield f"On {_rows(size)}, the largest size here:\n"
    for kind, short in KINDS.items():
        own = _p50(size, OURS, kind)
        faster = {name: own / _p50(size, name, kind) for name in _asked(size) if _p50(size, name, kind) < own}
        said = ", ".join(f"{name} ({_number(times)} times)" for name, times in sorted(faster.items(), key=_by_times))
        yield f"- {short}: {said or 'none'}"
    yield ""


def _by_times(each: tuple[str, float]) -> float:
    return -each[1]


def _size(size: Size) -> Iterator[str]:
    counts = size["counts"]
    yield f"## {_rows(size)}\n"
    yield _prose(
        f"{size['products']:,} products, {counts['nodes']:,} nodes, {counts['edges']:,} edges. Memory is the most of "
        "all processes of a store, while it loads and after all questions; of jwgraph's answers, that of the server "
        "alone."
    )
    heads = ("store", "load, s", "memory, load, MB", "memory, answers, MB", "disk, MB")
    yield table(heads, [_load_row(size, name) for name in size["peers"]])
    sizes = {kind: statistics.median(each["rows"]) for kind, each in size["questions"].items()}
    yield _prose(
        "Answers in milliseconds, the middle and (in brackets) that of the slowest twentieth. The first line has the "
        f"rows of an answer, the middle of several; the impact is that of `{size['about']['impact']}`, all trees are "
        f"those of program {size['about']['trees']}."
    )
    lines = [("rows of an answer", "1", *(f"{sizes[kind]:,.0f}" for kind in KINDS))]
    lines += [_answer_row(name, size["peers"][name]["answers"]) for name in _asked(size)]
    yield table(("store", "round trip", *KINDS.values()), lines)
    for name, why in size["skipped"].items():
        yield f"{name} was skipped: {why}.\n"


def _load_row(size: Size, name: str) -> tuple[str, ...]:
    each = size["peers"][name]
    memory = each["memory"]
    answers = f"{memory['answers']:,.0f}" if "answers" in memory else ""
    return name, _number(_load(size, name)), f"{memory['load']:,.0f}", answers, f"{each['disk']:,.0f}"


def _answer_row(name: str, answers: Mapping[str, Any]) -> tuple[str, ...]:
    found = (answers[kind] for kind in (_PING, *KINDS))
    return name, *(f"{_number(each['p50'])} ({_number(each['p95'])})" for each in found)


def _profile(sizes: Sequence[Size]) -> Iterator[str]:
    size = sizes[-1]
    answers, alone, turns = (
        size["peers"][OURS]["answers"],
        size["peers"][OURS]["alone"],
        size["profile"]["turns"],
    )
    yield "## Where jwgraph's time goes\n"
    yield _prose(
        f"Answers on {_rows(size)}: the whole, its query alone (server and driver, no notes), and how often the "
        f"conversation with the server turns. A whole `RETURN 1` takes {_number(answers[_PING]['p50'])} ms. Whole "
        "answers and queries are timed one after the other: hundredths of a millisecond between them mean nothing."
    )
    lines = [
        (
            short,
            _number(answers[kind]["p50"]),
            _number(alone[kind]["p50"]) if kind in alone else "",
            str(turns[kind]),
        )
        for kind, short in KINDS.items()
    ]
    yield table(("answer", "whole, ms", "query alone, ms", "turns"), lines)
    yield "The load: seconds of the clock, and of processor time of the server and of Python.\n"
    yield table(("step", "clock", "server", "Python"), list(_steps(size["profile"]["steps"])))


def _steps(steps: Mapping[str, Sequence[float]]) -> Iterator[tuple[str, ...]]:
    """Yield the longest steps, and the sum of the others."""
    longest = sorted(steps, key=lambda name: -steps[name][0])
    for name in longest[:_STEPS]:
        yield name, *map(_number, steps[name])
    if rest := [steps[name] for name in longest[_STEPS:]]:
        yield f"{len(rest)} other steps", *(_number(sum(each)) for each in zip(*rest, strict=True))


def _given(size: Size) -> Iterator[str]:
    yield "## What each store is given, and how it is set up\n"
    lines = [(name, each["version"], each["about"]) for name, each in size["peers"].items()]
    yield table(("store", "version", "set up"), lines)
    yield _prose(
        "The tables that PostgreSQL, SQLite, networkx and Ladybug load are CSV files with all properties but those "
        "about loads. Their questions are in `tests/bench/peers/`. None of them reads a source, derives an edge, keeps "
        "what was loaded before, or says what it does not know."
    )


def growth(sizes: Sequence[Size]) -> str:
    """Return the picture of a result."""
    names = list(dict.fromkeys(name for size in sizes for name in size["peers"]))
    loads = {name: [(s["products"], _load(s, name)) for s in sizes if name in s["peers"]] for name in names}
    panels = [Panel("load", "s", loads)]
    for kind, short in KINDS.items():
        lines = {
            name: [(size["products"], _p50(size, name, kind)) for size in sizes if name in _asked(size)]
            for name in names
        }
        panels.append(Panel(short, "ms", {name: line for name, line in lines.items() if line}))
    return draw(panels, names, "products")


def _number(value: float) -> str:
    """Write a number with three digits that count, and all of a large one."""
    if value >= 100:
        return f"{value:,.0f}"
    return f"{value:.1f}" if value >= 10 else f"{value:.2f}" if value >= 0.1 else f"{value:.3f}"
