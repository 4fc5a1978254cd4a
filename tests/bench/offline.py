"""The limit: Neo4j's own offline import of exactly the graph that is in a dump."""

from __future__ import annotations

import json
import re
import subprocess
import sys
import tempfile
from collections import Counter, defaultdict
from collections.abc import Callable, Iterator
from contextlib import ExitStack
from dataclasses import dataclass
from pathlib import Path
from typing import Any, TextIO

from jwgraph import server
from jwgraph.model.vocabulary import EDGES, GRAPH_FORMAT, LABELS
from jwgraph.server import config, jars
from jwgraph.server.runtime import java
from jwgraph.store.digest import Sums, digest
from jwgraph.store.dump_lines import EXTRA_LABELS, value
from jwgraph.store.graph import Graph
from tests.bench.server import Usage, environment, run, version

MAIN_CLASS = "org.neo4j.cli.AdminTool"
_TYPES = {
    "STRING": "string",
    "INTEGER": "long",
    "FLOAT": "double",
    "BOOLEAN": "boolean",
    "ZONED DATETIME": "datetime",
    "LIST<STRING>": "string[]",
    "LIST<INTEGER>": "long[]",
}
_KEYS = {label.name: label.key for label in LABELS}
_NODE_TYPES = {(label.name, each.name): each.type for label in LABELS for each in label.properties}
_EDGE_TYPES = {(edge.name, each.name): each.type for edge in EDGES for each in edge.properties}

Line = dict[str, Any]
Group = tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Counts:
    """Nodes, edges and properties of a graph."""

    nodes: int
    edges: int
    properties: int


@dataclass(frozen=True, slots=True)
class Tables:
    """CSV files for the import: options of its command line, and what they hold.

    Attributes
    ----------
    lost
        Properties that are empty lists, which the import cannot make; digest and counts are those without them.
    """

    options: list[str]
    counts: Counts
    digest: str
    lost: int


def write_tables(dump: Path, folder: Path) -> Tables:
    """Write nodes and edges of a dump (a folder) as CSV files: one for each set of labels, each type and its ends."""
    folder.mkdir()
    sums = Sums()
    nodes = _split(dump / "nodes.jsonl", folder, _Writing(_node_group, _node_head, _node_cells, sums.node))
    edges = _split(dump / "edges.jsonl", folder, _Writing(_edge_group, _edge_head, _edge_cells, sums.edge))
    # Without it jwgraph would take the store for one of an older format.
    store = folder / "store.csv"
    store.write_text(f'name:string,format:long\n"jwgraph",{GRAPH_FORMAT}\n', encoding="utf-8")
    options = [f"--nodes=Store={store}"]
    options += [f"--nodes={':'.join(group)}={path}" for group, path in nodes.files.items()]
    options += [f"--relationships={group[0]}={path}" for group, path in edges.files.items()]
    counts = Counts(nodes.lines + 1, edges.lines, nodes.properties + edges.properties + 2)
    return Tables(options, counts, sums.digest(), nodes.lost + edges.lost)


@dataclass(frozen=True, slots=True)
class _Writing:
    """How lines of one file become tables: the group of each, the head of a group's table, the cells of a line."""

    group_of: Callable[[Line], Group]
    head_of: Callable[[Group, list[str]], Iterator[str]]
    cells_of: Callable[[Line, list[str]], Iterator[str]]
    sum: Callable[[Line], None]


@dataclass(frozen=True, slots=True)
class _Written:
    files: dict[Group, Path]
    lines: int
    properties: int
    lost: int


def _split(source: Path, folder: Path, how: _Writing) -> _Written:
    used: defaultdict[Group, Counter[str]] = defaultdict(Counter)
    count = lost = 0
    for line in _lines(source):
        count += 1
        properties = line["properties"]
        kept = {name: each for name, each in properties.items() if each != []}
        lost += len(properties) - len(kept)
        used[how.group_of(line)].update(kept.keys())
        how.sum({**line, "properties": {name: value(each) for name, each in kept.items()}})
    paths = {group: folder / f"{source.stem}-{number}.csv" for number, group in enumerate(sorted(used))}
    with ExitStack() as stack:
        files: dict[Group, TextIO] = {}
        columns = {group: sorted(names) for group, names in used.items()}
        for group, path in paths.items():
            files[group] = stack.enter_context(path.open("w", encoding="utf-8"))
            files[group].write(",".join(how.head_of(group, columns[group])) + "\n")
        for line in _lines(source):
            group = how.group_of(line)
            files[group].write(",".join(how.cells_of(line, columns[group])) + "\n")
    return _Written(paths, count, sum(names.total() for names in used.values()), lost)


def _lines(path: Path) -> Iterator[Line]:
    with path.open(encoding="ascii") as file:
        for text in file:
            yield json.loads(text)


def _node_group(line: Line) -> Group:
    return tuple(sorted(line["labels"]))


def _node_head(labels: Group, columns: list[str]) -> Iterator[str]:
    base = _base(labels)
    for name in columns:
        kind = next(_NODE_TYPES[label, name] for label in labels if (label, name) in _NODE_TYPES)
        yield f"{name}:ID({base})" if name == _KEYS[base] else f"{name}:{_TYPES[kind]}"


def _node_cells(line: Line, columns: list[str]) -> Iterator[str]:
    properties = line["properties"]
    return (_cell(properties.get(name)) for name in columns)


def _edge_group(line: Line) -> Group:
    return (line["type"], *(_base((end,)) for end in line["ends"]))


def _edge_head(group: Group, columns: list[str]) -> Iterator[str]:
    kind, start, end = group
    yield from (f":START_ID({start})", f":END_ID({end})")
    for name in columns:
        yield f"{name}:{_TYPES[_EDGE_TYPES[kind, name]]}"


def _edge_cells(line: Line, columns: list[str]) -> Iterator[str]:
    properties = line["properties"]
    return (_cell(each) for each in (line["start"], line["end"], *(properties.get(name) for name in columns)))


def _base(labels: Group) -> str:
    return next((label for label in labels if label not in EXTRA_LABELS), "Product")


def _cell(given: Any) -> str:
    """Write one value; an empty string is quoted, which the import keeps apart from a value that is not there."""
    if given is None or given == []:
        return ""
    if isinstance(given, bool):
        return "true" if given else "false"
    if isinstance(given, int | float):
        return repr(given)
    if isinstance(given, list):
        given = ";".join(map(str, given))
    elif isinstance(given, dict):
        (given,) = given.values()
    return '"' + str(given).replace('"', '""') + '"'


def import_tables(tables: Tables, home: server.Home) -> Usage:
    """Import the tables into the home of a server that has never run; refuse an import of another size.

    Raises
    ------
    RuntimeError
        The import failed, or its counts differ from those of the graph.
    """
    home.prepare()
    config.write_first_password(home, home.password())
    (home.conf / "neo4j.conf").write_text("server.directories.data=data\n", encoding="utf-8")
    folder = jars.ensure_jars(version(), lambda _text: None)
    report = home.path / "import.txt"
    command = [str(java(version()).program), "-Xmx1g", "-XX:+UseParallelGC", "-cp", str(folder / "*"), MAIN_CLASS]
    command += ["database", "import", "full", "neo4j", "--overwrite-destination", "--bad-tolerance=0"]
    command += [f"--report-file={home.path / 'bad.txt'}", "--array-delimiter=;", *tables.options]
    # The shell sends what it prints to a file; `exec` leaves one process to measure.
    shell = ["sh", "-c", 'exec "$@" > "$0" 2>&1', str(report), *command]
    around = environment(home.path) | {"NEO4J_HOME": str(home.path), "NEO4J_CONF": str(home.conf)}
    try:
        used = run(shell, around)
    except subprocess.CalledProcessError:
        raise RuntimeError(report.read_text(encoding="utf-8")[-2000:]) from None
    text = report.read_text(encoding="utf-8")
    sizes = [re.search(rf"(\d+) {what}", text) for what in ("nodes", "relationships", "properties")]
    found = Counts(*(int(each[1]) if each else 0 for each in sizes))
    if found != tables.counts:
        raise RuntimeError(f"the import made {found}, and the graph has {tables.counts}:\n{text[-2000:]}")
    return used


def digest_of(home: server.Home) -> str:
    """Start a server on what was imported, and return the digest of its graph."""
    try:
        with Graph(server.up(home, progress=lambda _text: None)) as graph:
            return digest(graph)
    finally:
        server.down(home)


def main(dump: str) -> None:
    """Import one dump, and print what it took."""
    with tempfile.TemporaryDirectory() as name:
        tables = write_tables(Path(dump), Path(name) / "tables")
        home = server.Home(Path(name) / "home")
        print(tables.counts, tables.digest, import_tables(tables, home), digest_of(home), sep="\n")


if __name__ == "__main__":
    main(sys.argv[1])
