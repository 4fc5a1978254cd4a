"""Keep what one answer read: which programs it depends on, and the bookmarks that say whether anything was written."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Mapping
from contextlib import contextmanager
from contextvars import ContextVar
from dataclasses import dataclass
from enum import StrEnum
from typing import Any, Self

from jwgraph.store.queries import Query

# What a server says was the last transaction: opaque texts, to be compared only.
Marks = frozenset[str]

_PROGRAM = re.compile(r"jw(\d{5})", re.IGNORECASE)
# What stands for all programs.
ALL = "*"
_CURRENT: ContextVar[Reading | None] = ContextVar("reading", default=None)


class Purpose(StrEnum):
    """What the write lock of a store is held for; the metadata of its transaction say it to readers."""

    LOAD = "load"
    REPAIR = "repair"
    FORGET = "forget"
    RESTORE = "restore"
    DUMP = "dump"
    WRITE = "write"


# Those that finish what they mark: a mark that is seen meanwhile is theirs, or they will remove it.
MARKING = (Purpose.RESTORE, Purpose.FORGET, Purpose.LOAD, Purpose.REPAIR)


@dataclass(frozen=True, slots=True)
class State:
    """What was known of the programs of a store at some moment.

    Attributes
    ----------
    changing
        Programs that a load had begun to change and not finished.
    generation
        The highest generation of any program: a clock that each finished load moves on.
    marks
        Of a read that had ended before; empty where none had.
    """

    changing: frozenset[str]
    generation: int
    marks: Marks


class Reading:
    """What one answer reads of one graph, from its first statement to its last.

    Attributes
    ----------
    marks
        The bookmark of each statement; empty of a statement that gives none.
    last
        The bookmark of the last statement that gave one.
    """

    def __init__(self, graph: object) -> None:
        self.marks: set[Marks] = set()
        self.last: Marks = frozenset()
        self._graph = graph
        self._read: list[tuple[Query | None, Mapping[str, Any], list[Any]]] = []
        self._programs: set[str] = set()

    @classmethod
    def of(cls, graph: object) -> Reading | None:
        """Return the reading of this graph that is going on, if there is one."""
        reading = _CURRENT.get()
        return reading if reading is not None and reading._graph is graph else None

    @contextmanager
    def going_on(self) -> Iterator[Self]:
        """Let all statements in the block belong to this reading."""
        token = _CURRENT.set(self)
        try:
            yield self
        finally:
            _CURRENT.reset(token)

    def add(self, query: Query | None, values: Mapping[str, Any], rows: list[Any], marks: Marks) -> None:
        """Add one statement with its parameters and rows; without a query, the text is the user's."""
        self.marks.add(marks)
        self.last = marks or self.last
        self._read.append((query, values, rows))

    def among(self, programs: Iterable[str]) -> frozenset[str]:
        """Return those of some programs that the answer depends on."""
        asked = frozenset(programs)
        if not asked:
            return asked
        mine = self._depends()
        # What concerns the whole store concerns each answer.
        return asked if ALL in mine else asked & {*mine, ALL}

    def _depends(self) -> set[str]:
        """Return the programs that the answer depends on; `*` is all of them.

        Names are looked through here, and not as they are read: most of the time nothing was written meanwhile.
        """
        for query, values, rows in self._read:
            self._programs.update(_asked(query, values))
            if query is None or "names" in query.depends:
                self._programs.update(each for row in rows for each in _named(row))
        self._read.clear()
        return self._programs


def _asked(query: Query | None, values: Mapping[str, Any]) -> Iterator[str]:
    """Yield the programs that a statement is about, by its header and its parameters."""
    if query is None:
        # A text of the user's that names no program asks about all of them.
        yield from {*_named(values)} or {ALL}
        return
    # A query of the user's own may not say what it depends on.
    if "store" in query.depends or not query.depends:
        yield ALL
    named = {*_named({name: value for name, value in values.items() if name not in ("program", "programs")})}
    yield from named
    if "program" in query.depends:
        given = values.get("program", values.get("programs", ALL))
        # All programs are meant only where no name says otherwise.
        yield from ([] if given == ALL and named else [given] if isinstance(given, str) else given)
    elif "names" in query.depends and not named:
        # A name without a program is that of a reference file, or of a file of the user's.
        yield ""


def _named(value: Any) -> Iterator[str]:
    """Yield the programs that a value of an answer names, at any depth."""
    if isinstance(value, str):
        yield from _PROGRAM.findall(value)
    elif isinstance(value, Mapping):
        for key, each in value.items():
            if key == "program" and isinstance(each, str):
                yield each
            else:
                yield from _named(each)
    elif isinstance(value, (list, tuple)):
        for each in value:
            yield from _named(each)
