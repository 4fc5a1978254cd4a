"""Load a graph as others load Neo4j: `python -m tests.bench.peers.bulk py2neo|merge HOME DUMP`.

Both are given the finished graph, all that jwgraph derived too, as lines of JSON; neither reads a source nor derives
anything. The history of loads is left out, as in the digest.
"""

from __future__ import annotations

import json
import sys
from collections import defaultdict
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import py2neo
from py2neo.bulk import create_nodes, create_relationships

from jwgraph import server
from jwgraph.settings import Connection
from jwgraph.store.dump_lines import KEYS, base
from jwgraph.store.graph import Graph

Line = dict[str, Any]
Group = tuple[str, ...]
Batch = tuple[Group, list[Line]]

BATCH = 10_000
# Two edges of one kind between the same nodes differ in these.
_DIFFER = {"FROM_POOL": ("basis",), "PRODUCES": ("product", "basis"), "HAS_MEMBER": ("product", "seq")}


def nodes(dump: Path) -> Iterator[Batch]:
    """Yield the nodes of a dump in batches of the same labels."""
    return (each for each in _batches(dump / "nodes.jsonl", _labels) if "Load" not in each[0])


def edges(dump: Path) -> Iterator[Batch]:
    """Yield the edges of a dump in batches of the same type and labels of ends."""
    return _batches(dump / "edges.jsonl", _type_and_ends)


def _labels(line: Line) -> Group:
    return tuple(line["labels"])


def _type_and_ends(line: Line) -> Group:
    return line["type"], *(base([each]) or "Product" for each in line["ends"])


def _batches(path: Path, group_of: Callable[[Line], Group]) -> Iterator[Batch]:
    waiting: defaultdict[Group, list[Line]] = defaultdict(list)
    with path.open(encoding="ascii") as file:
        for line in map(json.loads, file):
            group = group_of(line)
            waiting[group].append(line)
            if len(waiting[group]) == BATCH:
                yield group, waiting.pop(group)
    yield from waiting.items()


def merge(connection: Connection, dump: Path) -> None:
    """Load by `UNWIND $rows … MERGE` in one session."""
    with Graph(connection) as graph, graph.session() as session:

        def run(text: str, rows: list[Line]) -> None:
            session.execute_write(lambda tx: tx.run(text, rows=rows).consume())

        for labels, batch in nodes(dump):
            key = KEYS[base(list(labels))]
            more = "".join(f" SET n:{each}" for each in labels if each != base(list(labels)))
            text = (
                f"UNWIND $rows AS row MERGE (n:{base(list(labels))} {{{key}: row.key}}) SET n += row.properties{more}"
            )
            run(text, batch)
        for (kind, start, end), batch in edges(dump):
            differ = ", ".join(f"{each}: row.properties.{each}" for each in _DIFFER.get(kind, ()))
            text = (
                f"UNWIND $rows AS row MATCH (a:{start} {{{KEYS[start]}: row.start}}) "
                f"MATCH (b:{end} {{{KEYS[end]}: row.end}}) "
                f"MERGE (a)-[r:{kind}{f' {{{differ}}}' if differ else ''}]->(b) SET r += row.properties"
            )
            run(text, batch)


def bulk(connection: Connection, dump: Path) -> None:
    """Load by `py2neo.bulk`, its fastest functions: `create_nodes` and `create_relationships`."""
    graph = py2neo.Graph(connection.uri, auth=(connection.username, connection.password), name=connection.database)
    for labels, batch in nodes(dump):
        create_nodes(graph.auto(), [line["properties"] for line in batch], labels=set(labels))
    for (kind, start, end), batch in edges(dump):
        rows = [(line["start"], line["properties"], line["end"]) for line in batch]
        ends = {"start_node_key": (start, KEYS[start]), "end_node_key": (end, KEYS[end])}
        create_relationships(graph.auto(), rows, kind, **ends)


WAYS = {"py2neo": bulk, "merge": merge}


def main() -> None:
    """Load a dump into the store of a running server."""
    way, home, dump = sys.argv[1:]
    connection = server.running(server.Home(Path(home)))
    assert connection is not None, f"no server runs in {home}"
    WAYS[way](connection, Path(dump))


if __name__ == "__main__":
    main()
