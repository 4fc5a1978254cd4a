"""A dump becomes a store: checked whole before anything is written, and taken back where it fails.

Labels and types stand in the statements of `cypher/write/restore_*`, one for each of `jwgraph.model.vocabulary`; a dump only
chooses among them.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Iterator
from contextlib import contextmanager
from functools import partial
from typing import Any

from neo4j import ManagedTransaction

from jwgraph.errors import DatabaseError, JwgraphError, RefusedError, SourceError
from jwgraph.model.vocabulary import EDGES as EDGE_KINDS
from jwgraph.store import queries
from jwgraph.store.digest import digest
from jwgraph.store.dump import EDGES, NODES, Progress
from jwgraph.store.dump_check import Dump, read_lines
from jwgraph.store.dump_lines import EXTRA, base, value
from jwgraph.store.graph import Graph

BATCH = 2000


def statement(kind: str, end: str = "") -> str:
    """Return the name of the statement that restores a label, or a type of edge to nodes of the label `end`."""
    snake = re.sub(r"(?<=[a-z])(?=[A-Z])", "_", kind).lower()
    several = any(edge.name == kind and "|" in edge.end for edge in EDGE_KINDS)
    return f"write/restore_{snake}" + (f"_{end.lower()}" if several else "")


def restore(graph: Graph, dump: Dump, *, progress: Progress = lambda _text: None) -> None:
    """Write a checked dump into an empty store.

    Parameters
    ----------
    dump
        From `jwgraph.store.dump_check.opened`.
    progress
        Is told what goes on.

    Raises
    ------
    RefusedError
        The store is not empty.
    DatabaseError
        The server refuses it, or the graph is not the one of the dump; the store is empty again.
    """
    graph.ensure_schema()
    with graph.exclusive():
        if graph.read("query/restore_any"):
            raise RefusedError(
                "The store is not empty, and a restore takes an empty one: set JWGRAPH_HOME to a new folder, "
                "or NEO4J_URI to another server."
            )
        with _taken_back(graph):
            _write(graph, read_lines(dump, NODES), _node_rows, "nodes", progress)
            _write(graph, read_lines(dump, EDGES), _edge_rows, "edges", progress)
            progress("digest of the graph")
            found = digest(graph)
            if found != dump.digest:
                raise DatabaseError(f"The digest of the restored graph is {found}, and that of the dump {dump.digest}.")


@contextmanager
def _taken_back(graph: Graph) -> Iterator[None]:
    """Empty the store again where a restore does not come to its end."""
    try:
        yield
    except BaseException as error:
        try:
            graph.run("write/restore_undo")
        except JwgraphError:
            raise DatabaseError(
                f"The restore was cut off ({error or type(error).__name__}) and the store holds a part of it: "
                "remove the folder JWGRAPH_HOME, or empty the server's store, and restore anew."
            ) from error
        if isinstance(error, JwgraphError):
            raise type(error)(f"{error} The store is empty again.") from error
        raise


Statements = Iterator[tuple[str, dict[str, Any]]]


def _node_rows(line: dict[str, Any]) -> Statements:
    properties = {name: value(each) for name, each in line["properties"].items()}
    yield statement(base(line["labels"])), {"key": line["key"], "properties": properties}
    for label in line["labels"]:
        if label in EXTRA:
            yield statement(label), {"key": line["key"]}


def _edge_rows(line: dict[str, Any]) -> Statements:
    properties = {name: value(each) for name, each in line["properties"].items()}
    row = {"start": line["start"], "end": line["end"], "properties": properties}
    yield statement(line["type"], line["ends"][1]), row


def _write(
    graph: Graph,
    lines: Iterable[dict[str, Any]],
    rows_of: Callable[[dict[str, Any]], Statements],
    what: str,
    progress: Progress,
) -> None:
    waiting: dict[str, list[dict[str, Any]]] = {}
    for count, line in enumerate(lines, start=1):
        for name, row in rows_of(line):
            waiting.setdefault(name, []).append(row)
            if len(waiting[name]) >= BATCH:
                # A label that a Product has besides needs the Product first: it comes before in the same dict.
                _send(graph, waiting if what == "nodes" else {name: waiting[name]})
        if count % (10 * BATCH) == 0:
            progress(f"{what}: {count:,}")
    _send(graph, waiting)


def _send(graph: Graph, waiting: dict[str, list[dict[str, Any]]]) -> None:
    """Write rows in one transaction a statement, and forget them; nodes of a label before labels they have besides."""
    extra = {statement(label) for label in EXTRA}
    for name in sorted(waiting, key=lambda name: (name in extra, name)):
        rows = waiting[name]
        if rows and graph.write(partial(_run, name=name, rows=rows)) != len(rows):
            raise SourceError(f"The dump names ends of edges that it does not have ({name.removeprefix('write/')}).")
        rows.clear()


def _run(tx: ManagedTransaction, name: str, rows: list[dict[str, Any]]) -> int:
    done = tx.run(queries.get(name).text, rows=rows).single()
    return int(done["number"]) if done else 0
