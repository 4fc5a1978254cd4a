"""Restore a dump into an empty store: checked before anything is written, and undone if it fails.

Labels and types are fixed in `cypher/internal/restore_*`: one statement for each set of labels, and one for each type
of edges and the label of its end. A dump only chooses among them.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor, as_completed
from contextlib import contextmanager
from functools import cache, partial
from threading import Event
from typing import Any

from jwgraph.errors import DatabaseError, JwgraphError, RefusedError, SourceError
from jwgraph.store import queries, schema
from jwgraph.store.counting import Counting
from jwgraph.store.digest import digest
from jwgraph.store.driver import ManagedTransaction
from jwgraph.store.dump import EDGES, NODES, Progress
from jwgraph.store.dump_check import Dump, read_lines
from jwgraph.store.dump_lines import EXTRA_LABELS, value
from jwgraph.store.graph import Graph
from jwgraph.store.readings import ALL, Purpose

BATCH = 2000
# Sessions at once: while the server writes what one sent, the other reads the file.
LANES = 2


@cache
def node_statement(labels: tuple[str, ...]) -> str:
    """Return the name of the statement that restores nodes with these labels, sorted."""
    return f"internal/restore_nodes_{'_'.join(map(_snake, labels))}"


@cache
def edge_statement(kind: str, end: str) -> str:
    """Return the name of the statement that restores edges of one type to a label of the vocabulary."""
    # An Association or a Pool is a Product, and is found by its key.
    return f"internal/restore_edges_{kind.lower()}_to_{_snake('Product' if end in EXTRA_LABELS else end)}"


def _snake(name: str) -> str:
    return re.sub(r"(?<=[a-z])(?=[A-Z])", "_", name).lower()


def restore(graph: Graph, dump: Dump, *, verify: bool = False, progress: Progress = lambda _text: None) -> None:
    """Write a checked dump into an empty store.

    Parameters
    ----------
    dump
        From `jwgraph.store.dump_check.opened`.
    verify
        Read the restored graph, and compare its digest with that of the dump. It takes half as long again, and is not
        needed to find a damaged dump: each line is checked before, and the server counts what each batch wrote.
    progress
        Called with a sentence about the current step.

    Raises
    ------
    RefusedError
        The store is not empty.
    DatabaseError
        The server fails, or the digest differs from that of the dump; the store is empty again.
    """
    schema.ensure(graph)
    with graph.exclusive(Purpose.RESTORE):
        if graph.read("internal/any_node"):
            raise RefusedError(
                "The store is not empty, and a dump is restored into an empty store only: set JWGRAPH_HOME to a new "
                "folder, or NEO4J_URI to another server."
            )
        # From here on answers have a note that it goes on.
        graph.run("write/restore_begin")
        with _undone_on_error(graph):
            totals = {what: sum(dump.manifest["counts"][what].values()) for what in ("nodes", "edges")}
            # Nodes first: an edge finds its ends by their keys.
            _write(graph, dump, NODES, _node_row, Counting("nodes", totals["nodes"], progress))
            _write(graph, dump, EDGES, _edge_row, Counting("edges", totals["edges"], progress))
            if verify:
                _verify(graph, dump, Counting("digest of the graph", sum(totals.values()), progress))
        _end(graph)


def _verify(graph: Graph, dump: Dump, counting: Counting) -> None:
    found = digest(graph, counting.add)
    if found != dump.digest:
        raise DatabaseError(f"The digest of the restored graph is {found}, and that of the dump {dump.digest}.")


def _end(graph: Graph) -> None:
    # In this order: answers rely on it (jwgraph/store/snapshot.py).
    graph.run("internal/raise_programs", programs=[], gone=[ALL])
    graph.run("write/restore_end")


@contextmanager
def _undone_on_error(graph: Graph) -> Iterator[None]:
    """Empty the store again if the restore fails."""
    try:
        yield
    except BaseException as error:
        try:
            graph.run("internal/restore_undo")
            _end(graph)
        except JwgraphError:
            raise DatabaseError(
                f"The restore was cut off ({error or type(error).__name__}) and the store has a part of it: "
                "remove the folder JWGRAPH_HOME, or empty the server's store, and restore again."
            ) from error
        if isinstance(error, JwgraphError):
            raise type(error)(f"{error} The store is empty again.") from error
        raise


Row = tuple[str, dict[str, Any]]


def _node_row(line: dict[str, Any]) -> Row:
    return node_statement(tuple(sorted(line["labels"]))), _properties(line)


def _edge_row(line: dict[str, Any]) -> Row:
    row = {"start": line["start"], "end": line["end"], "properties": _properties(line)}
    return edge_statement(line["type"], line["ends"][1]), row


def _properties(line: dict[str, Any]) -> dict[str, Any]:
    return {name: each if type(each) is str else value(each) for name, each in line["properties"].items()}


def _write(graph: Graph, dump: Dump, file: str, row_of: Callable[[dict[str, Any]], Row], counting: Counting) -> None:
    """Write the lines of a file in several lanes, each a part of it: lines are sorted, so lanes seldom meet."""
    stop = Event()

    def lane(part: int) -> None:
        waiting: dict[str, list[dict[str, Any]]] = {}
        for line in read_lines(dump, file, part, LANES):
            name, row = row_of(line)
            rows = waiting.setdefault(name, [])
            rows.append(row)
            if len(rows) >= BATCH:
                if stop.is_set():
                    return
                _send(graph, name, rows, counting)
        for name, rows in waiting.items():
            _send(graph, name, rows, counting)

    with ThreadPoolExecutor(LANES) as pool:
        try:
            for done in as_completed([pool.submit(lane, part) for part in range(LANES)]):
                done.result()
        except BaseException:
            # Before it is undone, nobody writes any more.
            stop.set()
            raise


def _send(graph: Graph, name: str, rows: list[dict[str, Any]], counting: Counting) -> None:
    """Write rows in one transaction, and clear the list."""
    if not rows:
        return
    found = graph.write(partial(_run, name=name, rows=rows))
    if found != len(rows):
        raise SourceError(f"The dump has edges whose ends it does not have ({len(rows) - found} of {len(rows)}).")
    counting.add(len(rows))
    rows.clear()


def _run(tx: ManagedTransaction, name: str, rows: list[dict[str, Any]]) -> int:
    done = tx.run(queries.get(name).text, rows=rows).single()
    return int(done["number"]) if done else 0
