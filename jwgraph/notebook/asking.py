"""The connection shared by a store, its Observations and its products, and the text of calls to it."""

from __future__ import annotations

import sys
import weakref
from collections.abc import Callable, Iterable
from typing import TYPE_CHECKING, TypeVar

from jwgraph.answers.meant import Taken, Wanted, about
from jwgraph.answers.notes import Answer, Note
from jwgraph.errors import JwgraphError, UsageError
from jwgraph.present.columns import columns_of
from jwgraph.present.escape import visible
from jwgraph.present.info import AnswerInfo
from jwgraph.present.rows import Rows
from jwgraph.settings import Connection
from jwgraph.store.graph import Graph

if TYPE_CHECKING:
    from neo4j_viz import VisualizationGraph

T = TypeVar("T")


class Asker:
    """Run the queries of a notebook on one connection, and raise errors without the internal traceback.

    The connection is closed when neither the store nor any object obtained from it is in use.

    Attributes
    ----------
    graph
        The connection.
    """

    def __init__(self, connection: Connection) -> None:
        self.graph = Graph(connection)
        # Notebook users rarely close connections themselves.
        self._closing = weakref.finalize(self, self.graph.close)

    @property
    def alive(self) -> bool:
        """Whether the connection is still open."""
        return self._closing.alive

    def close(self) -> None:
        """Close the connection."""
        self._closing()

    def ask(self, question: Callable[[], T]) -> T:
        """Call a function that reads the graph, and raise its errors without the internal traceback."""
        try:
            if not self.alive:
                raise UsageError("This store is closed: `g = jwgraph.connect()` opens it again.")
            return question()
        except JwgraphError as error:
            raise error.with_traceback(None) from None

    def rows(
        self, asked: str, kind: type[T], question: Callable[[], Iterable[T]], notes: Iterable[Note] = ()
    ) -> Rows[T]:
        """Call a function that returns rows of one dataclass; `notes` come before those of the answer."""
        found = self.ask(question)
        own = found.notes if isinstance(found, Answer) else ()
        return Rows(found, columns_of(kind), AnswerInfo(asked, (*notes, *own)))

    def about(
        self, asked: str, kind: type[T], text: str, wanted: Wanted, question: Callable[[str], Iterable[T]], this: str
    ) -> Rows[T]:
        """Call a function that returns rows about what a text means; see `jwgraph.answers.meant.about`."""
        taken, found = self.ask(lambda: about(self.graph, text, wanted, question))
        return self.rows(asked, kind, lambda: found, taken.notes(this))

    def picture(self, obs_id: str, limit: int) -> VisualizationGraph:
        """Return a picture of an Observation; see `Store.viz`."""
        from jwgraph.export.viz import picture

        say = reporter()
        made: tuple[Taken, VisualizationGraph] = self.ask(
            lambda: about(
                self.graph,
                obs_id,
                Wanted.OBSERVATION,
                lambda name: picture(self.graph, name, limit=limit, say=say),
            )
        )
        for note in made[0].notes("this is a picture of"):
            sys.stderr.write(f"note: {visible(str(note))}\n")
        return made[1]


def call(name: str, /, *positional: object, **named: object) -> str:
    """Return a call as Python source; arguments that are None are omitted."""
    given = [repr(value) for value in positional]
    given += [f"{key}={value!r}" for key, value in named.items() if value is not None]
    return f"{name}({', '.join(given)})"


def reporter() -> Callable[[str], None]:
    """Return a function that reports progress on standard error: each new step once, without its counters."""
    seen: set[str] = set()

    def say(text: str) -> None:
        line = text.split(":")[0]
        if line not in seen:
            seen.add(line)
            sys.stderr.write(f"{visible(line)}\n")

    return say
