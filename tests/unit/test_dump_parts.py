"""Parts of a dump's files, and how far a long step is."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from jwgraph.store import counting
from jwgraph.store.counting import Counting
from jwgraph.store.dump import NODES
from jwgraph.store.dump_check import Dump, read_lines


@pytest.mark.parametrize("parts", [1, 2, 3, 7, 50])
@pytest.mark.parametrize("lines", [0, 1, 2, 20])
def test_each_line_is_in_one_part(tmp_path: Path, parts: int, lines: int) -> None:
    rows = [{"key": "x" * (number % 5), "number": number} for number in range(lines)]
    (tmp_path / NODES).write_text("".join(json.dumps(row) + "\n" for row in rows))
    dump = Dump(tmp_path, {})
    assert [row for part in range(parts) for row in read_lines(dump, NODES, part, parts)] == rows


def test_rows_and_seconds_left_are_said(monkeypatch: pytest.MonkeyPatch) -> None:
    clock = iter([100.0, 100.1, 110.0, 130.0])
    monkeypatch.setattr(counting, "monotonic", lambda: next(clock))
    said: list[str] = []
    found = Counting("nodes", 4000, said.append)
    for number in (10, 990, 4000):
        found.add(number)
    # More than was expected: what is left is not known.
    assert said == ["nodes", "nodes: 1,000 of 4,000, 30 s left", "nodes: 5,000"]
