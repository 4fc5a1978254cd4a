"""What every peer is given: the nodes and edges of a jwgraph store, those that it derived too, as tables in CSV files.

The tables have all properties but those about loads, which only jwgraph needs. Nodes have a number, and edges the
numbers of their ends, as whoever designs tables for SQL would have it; a second file of each edge table has the names
of the ends. An empty cell is a value that is not there; lists are JSON.
"""

from __future__ import annotations

import csv
import json
from collections.abc import Iterator
from contextlib import ExitStack
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from jwgraph.model.properties import Property
from jwgraph.model.vocabulary import EDGES, LABELS
from jwgraph.store.dump_lines import EXTRA_LABELS, KEYS, base

Row = dict[str, Any]
TRUE, FALSE = "true", "false"


@dataclass(frozen=True, slots=True)
class Table:
    """A table of nodes or of edges.

    Attributes
    ----------
    name
        Such as `part_of`.
    columns
        Properties, after the number of a node or the two ends of an edge.
    key
        Of nodes: the column that identifies them.
    ends
        Of edges: the tables of their ends.
    """

    name: str
    columns: tuple[Property, ...]
    key: str = ""
    ends: tuple[str, ...] = ()

    @property
    def numbers(self) -> tuple[str, ...]:
        """The columns before the properties."""
        return ("from_id", "to_id") if self.ends else ("id",)


@dataclass(frozen=True, slots=True)
class Given:
    """Tables in a folder."""

    folder: Path

    def numbered(self, table: Table) -> Path:
        """Return the file of a table whose edges have numbers of nodes."""
        return self.folder / f"{table.name}.csv"

    def named(self, table: Table) -> Path:
        """Return the file of a table whose edges have names of nodes; of nodes it is the same file."""
        return self.folder / f"{table.name}.named.csv" if table.ends else self.numbered(table)

    def rows(self, table: Table, *, named: bool = False) -> Iterator[list[Any]]:
        """Read a table, with Python's values."""
        kinds = ["STRING" if named and table.ends else "INTEGER" for _ in table.numbers]
        kinds += [each.type for each in table.columns]
        with (self.named(table) if named else self.numbered(table)).open(encoding="utf-8", newline="") as file:
            lines = csv.reader(file)
            next(lines)
            for line in lines:
                yield [_value(cell, kind) for cell, kind in zip(line, kinds, strict=True)]


def _value(cell: str, kind: str) -> Any:
    if cell == "":
        return None
    if kind == "INTEGER":
        return int(cell)
    if kind == "FLOAT":
        return float(cell)
    return cell == TRUE if kind == "BOOLEAN" else cell


def _name(text: str) -> str:
    return "".join(f"_{letter.lower()}" if letter.isupper() and place else letter for place, letter in enumerate(text))


def _table_name(label: str) -> str:
    return _name(label[0].lower() + label[1:])


def _columns(*groups: tuple[Property, ...]) -> tuple[Property, ...]:
    found = {each.name: each for group in groups for each in group if not each.bookkeeping}
    return tuple(found.values())


def _nodes() -> Iterator[Table]:
    extra = [label.properties for label in LABELS if label.name in EXTRA_LABELS]
    for label in LABELS:
        if label.name in EXTRA_LABELS | {"Load"}:
            continue
        groups = [label.properties, *(extra if label.name == "Product" else [])]
        yield Table(_table_name(label.name), _columns(*groups), label.key)


def _edges() -> Iterator[Table]:
    for edge in EDGES:
        starts, ends = (
            ["Product" if each in EXTRA_LABELS else each for each in side.split("|")] for side in (edge.start, edge.end)
        )
        for end in ends:
            name = edge.name.lower() + (f"_{_table_name(end)}" if len(ends) > 1 else "")
            yield Table(name, _columns(edge.properties), ends=(_table_name(starts[0]), _table_name(end)))


NODES = tuple(_nodes())
EDGE_TABLES = tuple(_edges())
TABLES = (*NODES, *EDGE_TABLES)
_OF_NAME = {table.name: table for table in TABLES}


def write(dump: Path, folder: Path) -> Given:
    """Write the tables of a dump, which is a folder."""
    folder.mkdir(parents=True)
    given = Given(folder)
    numbers: dict[tuple[str, str], int] = {}
    with ExitStack() as stack:
        writers: dict[Path, Any] = {}
        for table in TABLES:
            for path in {given.numbered(table), given.named(table)}:
                file = stack.enter_context(path.open("w", encoding="utf-8", newline=""))
                writers[path] = csv.writer(file, lineterminator="\n")
                writers[path].writerow([*table.numbers, *(each.name for each in table.columns)])
        for line in _lines(dump / "nodes.jsonl"):
            label = base(line["labels"])
            if label == "Load":
                continue
            table = _OF_NAME[_table_name(label)]
            number = numbers[table.name, line["properties"][KEYS[label]]] = len(numbers) + 1
            writers[given.numbered(table)].writerow([number, *_cells(table, line)])
        for line in _lines(dump / "edges.jsonl"):
            table = _edge_table(line)
            cells = _cells(table, line)
            names = [line["start"], line["end"]]
            ends = [numbers[end, name] for end, name in zip(table.ends, names, strict=True)]
            writers[given.numbered(table)].writerow([*ends, *cells])
            writers[given.named(table)].writerow([*names, *cells])
    return given


def _lines(path: Path) -> Iterator[Row]:
    with path.open(encoding="ascii") as file:
        for text in file:
            yield json.loads(text)


def _edge_table(line: Row) -> Table:
    name = line["type"].lower()
    return _OF_NAME.get(name) or _OF_NAME[f"{name}_{_table_name(base(line['ends'][1:]))}"]


def _cells(table: Table, line: Row) -> list[str]:
    properties = line["properties"]
    return [_cell(properties.get(each.name)) for each in table.columns]


def _cell(value: Any) -> str:
    if value is None:
        return ""
    if isinstance(value, bool):
        return TRUE if value else FALSE
    if isinstance(value, list):
        return json.dumps(value)
    return repr(value) if isinstance(value, float) else str(value)
