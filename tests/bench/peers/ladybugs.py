"""Ladybug, the successor of Kùzu: a graph database within the process, asked in Cypher.

Its package was called `real_ladybug` before it was called `ladybug`; both are measured.
"""

from __future__ import annotations

import warnings
from functools import cache
from pathlib import Path
from typing import Any, ClassVar

from tests.bench.peers.given import TABLES, Given, Table
from tests.bench.peers.peer import Peer, module
from tests.bench.peers.questions import Question, Rows

FOLDER = Path(__file__).with_name("ladybug")
_TYPES = {"INTEGER": "INT64", "FLOAT": "DOUBLE", "BOOLEAN": "BOOLEAN"}
_CSV = "(HEADER=true, AUTO_DETECT=false, DELIM=',', QUOTE='\"', ESCAPE='\"')"


class Ladybug(Peer):
    """Ladybug, in this process."""

    NAME = "Ladybug"
    ABOUT = (
        "a table for each label and each kind of edge, keys as primary keys, COPY from CSV; parts of a tree are "
        "statements of their own, put together in Python"
    )
    PACKAGE: ClassVar[str] = "ladybug"

    def __init__(self, folder: Path) -> None:
        super().__init__(folder)
        self._module = module(self.PACKAGE)
        warnings.filterwarnings("ignore", category=DeprecationWarning)
        self._base = self._module.Database(str(folder / "peer.lbug"))
        self._connection = self._module.Connection(self._base)

    def version(self) -> str:
        return f"Ladybug {self._module.__version__} ({self.PACKAGE})"

    def load(self, given: Given) -> None:
        for table in TABLES:
            self._connection.execute(_create(table))
        for table in TABLES:
            self._connection.execute(f"COPY {table.name} FROM '{given.named(table)}' {_CSV}")
        self._connection.execute("CHECKPOINT")

    def answer(self, question: Question) -> Rows:
        parts = [self._rows(part, question.parameters) for part in _parts(question.kind)]
        if question.kind in ("tree", "trees"):
            return _once(parts)
        if question.kind == "impact":
            return _impact(parts)
        return parts[0]

    def _rows(self, text: str, parameters: dict[str, str]) -> Rows:
        found: Rows = list(map(tuple, self._connection.execute(text, parameters).get_all()))
        return found

    def close(self) -> None:
        self._connection.close()
        self._base.close()


class FormerLadybug(Ladybug):
    """Ladybug as its former package has it."""

    NAME = "Ladybug 0.15"
    PACKAGE = "real_ladybug"


@cache
def _parts(kind: str) -> tuple[str, ...]:
    return tuple((FOLDER / f"{kind}.cypher").read_text(encoding="utf-8").split(";"))


def _create(table: Table) -> str:
    columns = [f"`{each.name}` {_TYPES.get(each.type, 'STRING')}" for each in table.columns]
    if table.ends:
        start, end = table.ends
        return f"CREATE REL TABLE {table.name}({', '.join([f'FROM {start} TO {end}', *columns])})"
    return f"CREATE NODE TABLE {table.name}(id INT64, {', '.join(columns)}, PRIMARY KEY({table.key}))"


def _once(parts: list[Rows]) -> Rows:
    """Return each file of a tree once: own ones first, then by the name of the owner, linked ones last."""
    owned = parts[0] + sorted(parts[1], key=lambda row: str(row[-1]))
    found: dict[Any, tuple[Any, ...]] = {}
    for *row, root, file, owner in (*owned, *(row for part in parts[2:] for row in part)):
        found.setdefault((root, file), (*([root] if root else []), file, owner, *row))
    return list(found.values())


def _impact(parts: list[Rows]) -> Rows:
    """Put files and their owners together; the files that the reference file was applied to come first."""
    made: dict[str, list[Any]] = {}
    for file, *values in parts[0] + parts[1]:
        if file not in made or values[0] < made[file][0]:
            made[file] = values
    first: dict[str, str] = {}
    observations: dict[str, tuple[int | None, bool, int]] = {}
    for file, obs_id, level in parts[2] + parts[3]:
        depth, _, recommended = made[file]
        first[file] = min(obs_id, first.get(file, obs_id))
        _, before, nearest = observations.get(obs_id, (level, False, depth))
        observations[obs_id] = level, before or recommended, min(nearest, depth)
    rows: Rows = [(file, first.get(file), level, rec, depth) for file, (depth, level, rec) in made.items()]
    rows += [(None, obs_id, *values) for obs_id, values in observations.items()]
    return rows
