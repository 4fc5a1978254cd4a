"""Readers that ask the same questions all the while that something else happens to the store."""

from __future__ import annotations

import re
import threading
from collections import Counter
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from time import sleep
from types import TracebackType
from typing import Any, Self

from jwgraph.answers import lineage, observations, products
from jwgraph.answers.notes import Answer, Note
from jwgraph.errors import DatabaseError, JwgraphError
from jwgraph.settings import Connection
from jwgraph.store.graph import Graph

Question = Callable[[Graph], Answer[Any]]

# What an answer says that is of neither the state before a load nor of the one after it.
_SAID = re.compile(r"\b(being (loaded|finished|changed|restored)|was cut off|changed each time)\b")


@dataclass(frozen=True, slots=True)
class Heard:
    """One answer, in a form that compares.

    Attributes
    ----------
    text
        Rows and notes, or the error.
    said
        Whether it says that a load is going on or was cut off.
    """

    text: str
    said: bool


def hear(graph: Graph, question: Question) -> Heard:
    """Ask once; an error of jwgraph's is an answer too."""
    try:
        found = question(graph)
    except DatabaseError:
        # No store is no answer.
        raise
    except JwgraphError as error:
        return Heard(f"{type(error).__name__}: {error}", bool(_SAID.search(str(error))))
    said = [note for note in found.notes if _SAID.search(note.text)]
    others: tuple[Note, ...] = tuple(note for note in found.notes if note not in said)
    return Heard("\n".join(map(str, (*others, *found))), bool(said))


def questions(obs_id: str, program: str) -> dict[str, Question]:
    """Return the questions about one Level 3 Observation and its program."""
    return {
        f"tree of {obs_id}": lambda graph: products.tree(graph, obs_id),
        f"mrp of {obs_id}": lambda graph: products.mrp(graph, obs_id),
        f"lineage of {obs_id}": lambda graph: lineage.lineage(graph, f"{obs_id}_i2d.fits", up=True),
        f"observations of {program}": lambda graph: observations.observations(graph, program=program),
    }


class Readers:
    """Threads that ask questions in turn, each on a connection of its own, until the block ends.

    Attributes
    ----------
    heard
        How often each answer to each question was given.
    failed
        What a reader met that is no answer, such as a server that is gone; it goes on asking.
    """

    def __init__(self, connection: Connection, asked: Mapping[str, Question], *, threads: int = 2) -> None:
        self.heard: dict[str, Counter[Heard]] = {name: Counter() for name in asked}
        self.failed: list[Exception] = []
        self._connection = connection
        self._asked = asked
        self._lock = threading.Lock()
        self._end = threading.Event()
        self._threads = [threading.Thread(target=self._work, daemon=True) for _ in range(threads)]

    def __enter__(self) -> Self:
        for thread in self._threads:
            thread.start()
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self._end.set()
        for thread in self._threads:
            thread.join()

    def fewest(self) -> int:
        """Return how many answers the question with the fewest has."""
        with self._lock:
            return min(answers.total() for answers in self.heard.values())

    def wait_for(self, answers: int) -> None:
        """Wait until every question has been answered so many times more."""
        wanted = self.fewest() + answers
        while self.fewest() < wanted and any(thread.is_alive() for thread in self._threads):
            sleep(0.01)

    def wrong(self, *states: Mapping[str, Heard]) -> dict[str, Counter[Heard]]:
        """Return the answers that equal that of none of the states, and say nothing."""
        right = {name: {state[name].text for state in states} for name in self.heard}
        found = {
            name: Counter({each: n for each, n in answers.items() if not each.said and each.text not in right[name]})
            for name, answers in self.heard.items()
        }
        return {name: answers for name, answers in found.items() if answers}

    def _work(self) -> None:
        while not self._end.is_set():
            try:
                with Graph(self._connection) as graph:
                    while not self._end.is_set():
                        self._ask_all(graph)
            except Exception as error:
                self.failed.append(error)
                sleep(0.05)

    def _ask_all(self, graph: Graph) -> None:
        for name, question in self._asked.items():
            answer = hear(graph, question)
            with self._lock:
                self.heard[name][answer] += 1
