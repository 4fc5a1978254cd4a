"""Ask until an answer is that of one state of the store, or say which programs it depends on were being changed.

Neo4j is read-committed, and a reader can see a part of a commit. So whoever changes a program marks it first (`dirty`),
then writes, then gives it a new `generation`, and then removes the mark, in transactions of their own. An answer during
which nothing was written costs nothing: the bookmark of its last statement is that of the last look at the marks, and
nothing was marked then. Else one more statement looks again. What follows is proved in `docs/operating.md`.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Literal, TypeVar

from jwgraph.errors import DatabaseError, JwgraphError
from jwgraph.store.graph import Graph
from jwgraph.store.readings import MARKING, Marks, Purpose, Reading, State

T = TypeVar("T")

# How often a question is asked again.
AGAIN = 3


@dataclass(frozen=True, slots=True)
class Change:
    """Programs that an answer depends on and that were being changed while it was made.

    Attributes
    ----------
    changing
        Programs that were still marked at its end.
    moved
        Programs that were changed and finished meanwhile, each time that the question was asked.
    by
        What changes them; None if nothing goes on: it was cut off. Empty where the server does not say.
    forgetting
        Those that were being forgotten.
    """

    changing: tuple[str, ...] = ()
    moved: tuple[str, ...] = ()
    by: Purpose | Literal[""] | None = None
    forgetting: tuple[str, ...] = ()

    def __bool__(self) -> bool:
        return bool(self.changing or self.moved)


class Failed(Exception):
    """The question has no answer, and a program that it depends on was being changed."""

    def __init__(self, error: JwgraphError, change: Change) -> None:
        super().__init__(str(error))
        self.error = error
        self.change = change


def settled(graph: Graph, question: Callable[[], T]) -> tuple[T, Change]:
    """Ask a question until its answer is that of one state of the store.

    Raises
    ------
    Failed
        It has no answer, and that may be because a program is being changed.
    """
    for left in reversed(range(AGAIN + 1)):
        before = graph.state = graph.state or _look(graph, 0, graph.marks)[0]
        error: Exception | None = None
        with Reading(graph).going_on() as reading:
            try:
                found = question()
            except Exception as raised:
                # What is half written can break any rule that the code relies on.
                error = raised
        change = _change(graph, before, reading)
        if error is None and (not change.moved or not left):
            return found, change
        if error is not None and not change:
            raise error
        if isinstance(error, JwgraphError) and not change.moved:
            raise Failed(error, change)
    if isinstance(error, JwgraphError):
        raise Failed(error, change)
    raise DatabaseError("The programs asked for are being changed by a load: ask again when it has ended.") from error


def now(graph: Graph) -> State:
    """Return the state of the programs now, to compare with later."""
    return _look(graph, 0, graph.marks)[0]


def moved_since(graph: Graph, before: State) -> frozenset[str]:
    """Return the programs that were changed and finished since a state was looked at; `*` is all."""
    return _look(graph, before.generation, graph.state.marks if graph.state else before.marks)[1]


def _change(graph: Graph, before: State, reading: Reading) -> Change:
    """Return what changed between the state before an answer and its end."""
    if not before.changing and before.marks and reading.marks <= {before.marks}:
        return Change()
    after, moved = _look(graph, before.generation, reading.last)
    graph.state = after
    changing = reading.among(after.changing)
    by: Purpose | Literal[""] | None = None
    if changing and (by := _writer(graph)) is None:
        # It may have ended just now.
        still, later = _look(graph, before.generation, after.marks)
        changing, moved = changing & still.changing, moved | later
    if changing:
        return Change(tuple(sorted(changing)), (), by, _forgetting(graph))
    return Change((), tuple(sorted(reading.among(moved | before.changing))))


def _look(graph: Graph, since: int, marks: Marks) -> tuple[State, frozenset[str]]:
    """Return the state of the programs now, and those that have a later generation."""
    (row,) = graph.read_after(marks, "internal/changing", since=since)
    return State(frozenset(row["changing"]), row["generation"], marks), frozenset(row["moved"])


def _writer(graph: Graph) -> Purpose | Literal[""] | None:
    """Return what changes programs now; empty where the server does not say."""
    try:
        (row,) = graph.read_of_writer("internal/writers")
    except DatabaseError:
        return ""
    return next((purpose for purpose in MARKING if purpose in row["purposes"]), None)


def _forgetting(graph: Graph) -> tuple[str, ...]:
    return tuple(row["program"] for row in graph.read("internal/program_names") if row["forgetting"])
