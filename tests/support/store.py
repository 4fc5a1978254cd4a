"""Short words for tests: load this, give me the edges as a set."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from pathlib import Path
from typing import Any, LiteralString

from jwgraph.model.records import Problem, Record
from jwgraph.store.graph import Graph
from jwgraph_loaders.find.read import read_all
from jwgraph_loaders.write.writer import Report, load

_WIPE: LiteralString = Path(__file__).with_name("wipe.cypher").read_text(encoding="utf-8")


def wipe(graph: Graph) -> None:
    """Empty a store, but for its schema."""
    with graph.session() as session:
        session.run(_WIPE).consume()


class Slate:
    """The one store of a run: it is wiped and filled only where something else, or something more, is in it.

    Loading costs far more than any question. Whether anything was written since, by whomever, is what the server's
    bookmark says: the number of the last transaction.
    """

    def __init__(self, graph: Graph) -> None:
        self._graph = graph
        self._content = self._mark = ""

    def empty(self) -> Graph:
        """Return the store with its schema alone."""
        return self.filled("nothing", lambda _graph: None)

    def filled(self, content: str, fill: Callable[[Graph], object]) -> Graph:
        """Return the store with what a function loads into an empty one.

        Parameters
        ----------
        content
            A name for what is loaded, its own in all tests.
        """
        if (self._content, self._mark) != (content, self._last_transaction()):
            wipe(self._graph)
            self._content = ""
            fill(self._graph)
            self._content, self._mark = content, self._last_transaction()
        return self._graph

    def _last_transaction(self) -> str:
        with self._graph.session(read=True) as session:
            session.run("RETURN 1").consume()
            return " ".join(sorted(session.last_bookmarks().raw_values))


def load_paths(graph: Graph, *paths: Path, **options: Any) -> Report:
    """Load files as the command does."""
    records, sources = read_all([str(path) for path in paths])
    report = load(graph, records, **options)
    report.sources = sources
    return report


def load_records(graph: Graph, records: Iterable[Record | Problem], **options: Any) -> Report:
    """Load records."""
    return load(graph, records, **options)


def edges(graph: Graph, kind: str, *properties: str) -> set[tuple[Any, ...]]:
    """Return all edges of one type as (start, property values …, end)."""
    return {
        (row["start"], *(_plain(row["properties"].get(name)) for name in properties), row["end"])
        for row in graph.stream("internal/edges")
        if row["type"] == kind
    }


def nodes(graph: Graph, label: str, *properties: str) -> set[tuple[Any, ...]]:
    """Return all nodes of one label as tuples of properties."""
    return {
        tuple(_plain(row["properties"].get(name)) for name in properties)
        for row in graph.stream("internal/nodes")
        if label in row["labels"]
    }


def number_of_files(graph: Graph) -> int:
    """Count the files of the store, at no cost: to be asked while something is written."""
    with graph.session(read=True) as session:
        return int(session.run("MATCH (p:Product) RETURN count(p)").single(strict=True).value())


def _plain(value: Any) -> Any:
    return tuple(value) if isinstance(value, Sequence) and not isinstance(value, str) else value
