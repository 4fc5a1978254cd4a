"""SQLite: one file, recursive CTE."""

from __future__ import annotations

import sqlite3
from pathlib import Path

from tests.bench.peers import sql
from tests.bench.peers.given import TABLES, Given
from tests.bench.peers.peer import Peer
from tests.bench.peers.questions import Question, Rows


class Sqlite(Peer):
    """SQLite, in this process."""

    NAME = "SQLite"
    ABOUT = "tables with numbers as keys, an index from either end of each edge; one transaction, then ANALYZE"

    def __init__(self, folder: Path) -> None:
        super().__init__(folder)
        self._base = sqlite3.connect(folder / "peer.db", isolation_level=None)
        # 256 MB of its own, as the servers have.
        self._base.execute("PRAGMA cache_size = -256000")

    def version(self) -> str:
        return f"SQLite {sqlite3.sqlite_version}"

    def load(self, given: Given) -> None:
        base = self._base
        base.execute("BEGIN")
        for statement in sql.create_tables():
            base.execute(statement)
        for table in TABLES:
            marks = ", ".join("?" * (len(table.numbers) + len(table.columns)))
            base.executemany(f"INSERT INTO {table.name} VALUES ({marks})", given.rows(table))
        for statement in sql.create_indexes():
            base.execute(statement)
        base.execute("COMMIT")
        base.execute("ANALYZE")

    def answer(self, question: Question) -> Rows:
        return self._base.execute(sql.statement(question.kind, ":{}"), question.parameters).fetchall()

    def close(self) -> None:
        self._base.close()
