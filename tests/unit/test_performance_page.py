"""The page of performance says what a result says, and its picture has what the page has."""

from __future__ import annotations

from typing import Any
from xml.etree import ElementTree

import pytest

from docs import performance_page
from docs.growth_plot import Panel, draw
from tests.bench.peers import questions, stores
from tests.bench.peers.ladybugs import Ladybug
from tests.bench.peers.ours import NAME
from tests.bench.peers.postgres import Postgres

KINDS = ("ping", *performance_page.KINDS)


def peer(load: float, answer: float | None) -> dict[str, Any]:
    timed = {} if answer is None else {kind: {"p50": answer, "p95": 2 * answer, "asked": 5} for kind in KINDS}
    memory = {"load": 700.0} | ({} if answer is None else {"answers": 800.0})
    return {"version": "1", "about": "set up", "load": [load], "memory": memory, "disk": 40.0, "answers": timed}


def size(rows: int, **changed: Any) -> dict[str, Any]:
    ours = peer(10.0, 2.0) | {"alone": {"tree": {"p50": 1.5, "p95": 1.6, "asked": 5}}}
    return {
        "rows": rows,
        "products": rows * 3 // 4,
        "counts": {"nodes": rows, "edges": 4 * rows, "listed": rows},
        "machine": {"cores": 2, "memory_mb": 16000, "load_average": 1.0},
        "questions": {kind: {"asked": 1, "rows": [7]} for kind in KINDS},
        "about": {"impact": "crds://jwst_nircam_flat_0001.fits", "trees": "01000"},
        "peers": {
            NAME: ours,
            stores.IMPORT: peer(3.0, None),
            stores.PY2NEO: peer(20.0, None),
            stores.MERGE: peer(8.0, None),
            Postgres.NAME: peer(1.0, 20.0),
            Ladybug.NAME: peer(1.0, 0.5),
        },
        "skipped": {"SQLite": "it is not there"},
        "profile": {"steps": {"writing": [1.0, 2.0, 0.5]}, "turns": dict.fromkeys(KINDS, 2)},
    } | changed


def test_names_are_those_of_the_benchmark() -> None:
    page = performance_page
    assert (page.OURS, page.POSTGRES, page.LADYBUG) == (NAME, Postgres.NAME, Ladybug.NAME)
    assert (page.IMPORT, page.PY2NEO, page.MERGE) == (stores.IMPORT, stores.PY2NEO, stores.MERGE)
    assert ("ping", *page.KINDS) == tuple(questions.KINDS)


def test_aims_are_reached_or_not_by_the_numbers() -> None:
    text = performance_page.performance([size(10_000)])
    aims = [line for line in text.splitlines() if "reached" in line]
    assert aims == [
        "| load with everything derived, ahead of py2neo bulk | reached: 2.00 times as fast |",
        "| load with everything derived, ahead of UNWIND MERGE | not reached: 0.80 times as fast |",
        "| every question ahead of Ladybug | not reached: 0 of 7 |",
        "| impact of a reference file at least 5 times as fast as PostgreSQL | reached: 10.0 times as fast |",
        "| all trees of a program level with PostgreSQL or better | reached: 10.0 times as fast |",
    ]


def test_it_says_where_a_peer_is_faster_and_what_was_skipped() -> None:
    text = performance_page.performance([size(10_000)])
    assert "- tree: Ladybug (4.00 times)\n" in text
    assert "SQLite was skipped: it is not there.\n" in text
    assert "| Ladybug | 0.50 (1.00) |" in text


def test_a_peer_that_was_not_measured_is_said_so() -> None:
    without = size(20_000)
    del without["peers"][Postgres.NAME]
    del without["peers"][Ladybug.NAME]
    text = performance_page.performance([size(10_000), without])
    assert "| every question ahead of Ladybug | not reached: 0 of 7 | not measured |" in text
    assert "level with PostgreSQL or better | reached: 10.0 times as fast | not measured |" in text


def test_short_steps_of_a_load_are_summed() -> None:
    steps = {f"step {place}": [float(place), 1.0, 0.5] for place in range(9)}
    text = performance_page.performance([size(10_000, profile={"steps": steps, "turns": dict.fromkeys(KINDS, 2)})])
    lines = [line for line in text.splitlines() if "step" in line][1:]
    assert len(lines) == 7
    assert lines[0] == "| step 8 | 8.00 | 1.00 | 0.50 |"
    assert lines[-1] == "| 3 other steps | 3.00 | 3.00 | 1.50 |"


def test_the_picture_has_a_line_for_each_peer_that_was_measured() -> None:
    root = ElementTree.fromstring(performance_page.growth([size(10_000), size(100_000)]))
    panels = [group for group in root if group.tag.endswith("}g")]
    dots = [len([each for each in group if each.tag.endswith("}circle")]) for group in panels]
    # Six stores load and three answer, on two sizes each.
    assert dots == [12, *([6] * len(performance_page.KINDS))]


@pytest.mark.parametrize(
    ("values", "labels"), [((0.02, 5.0), {"0.01", "0.1", "1", "10"}), ((10.0, 10.0), {"10", "100"})]
)
def test_axes_reach_to_powers_of_ten(values: tuple[float, float], labels: set[str]) -> None:
    panel = Panel("tree", "ms", {"one": [(1_000, values[0]), (10_000, values[1])]})
    root = ElementTree.fromstring(draw([panel], ["one"], "products"))
    texts = {each.text for each in root.iter() if each.get("text-anchor") == "end"}
    assert texts == labels
