"""What PostgreSQL and SQLite have in common: tables, indexes, and the questions in `sql/`.

Each edge table has an index that begins at either end and holds the other, so that a walk reads the index alone.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from functools import cache
from pathlib import Path

from tests.bench.peers.given import EDGE_TABLES, NODES, TABLES, Table

FOLDER = Path(__file__).with_name("sql")
# Besides the key of each table: what questions begin with.
_INDEXED = {"observation": ("program",)}
_TYPES = {"INTEGER": "bigint", "FLOAT": "double precision", "BOOLEAN": "boolean"}
_PARAMETER = re.compile(r"(?<!:):(\w+)")


def create_tables() -> Iterator[str]:
    """Yield the statements that make the tables."""
    for table in TABLES:
        columns = [f"{name} bigint NOT NULL" for name in table.numbers]
        columns += [f'"{each.name}" {_TYPES.get(each.type, "text")}' for each in table.columns]
        if not table.ends:
            columns[0] = "id bigint PRIMARY KEY"
        yield f"CREATE TABLE {table.name} ({', '.join(columns)})"


def create_indexes() -> Iterator[str]:
    """Yield the statements that make the indexes, after the tables are filled."""
    for table in NODES:
        yield f'CREATE UNIQUE INDEX {table.name}_key ON {table.name} ("{table.key}")'
        for column in _INDEXED.get(table.name, ()):
            yield f"CREATE INDEX {table.name}_{column} ON {table.name} ({column})"
    for table in EDGE_TABLES:
        for one, other in (table.numbers, table.numbers[::-1]):
            yield f"CREATE INDEX {table.name}_{one} ON {table.name} ({one}, {other})"


def columns(table: Table) -> list[str]:
    """Return the columns of a table, as SQL writes them."""
    return [*table.numbers, *(f'"{each.name}"' for each in table.columns)]


@cache
def statement(kind: str, parameter: str) -> str:
    """Return the statement of a question; `parameter` is how its parameters are written, such as `:{}`."""
    text = (FOLDER / f"{kind}.sql").read_text(encoding="utf-8")
    return _PARAMETER.sub(lambda found: parameter.format(found[1]), text)
