"""PostgreSQL: a server of its own in a temporary folder, asked over its Unix socket; recursive CTE."""

from __future__ import annotations

import os
import pwd
import shutil
import subprocess
import tempfile
import time
from collections.abc import Collection
from pathlib import Path
from typing import Any

import psutil

from tests.bench.peers import sql
from tests.bench.peers.given import TABLES, Given
from tests.bench.peers.peer import Absent, Peer, module
from tests.bench.peers.questions import Question, Rows

_SETTINGS = {
    "listen_addresses": "",
    "shared_buffers": "512MB",
    "work_mem": "64MB",
    "maintenance_work_mem": "256MB",
    # The path of the socket is short: its length is limited.
    "unix_socket_directories": "",
}
_PATIENCE = 60.0


class Postgres(Peer):
    """PostgreSQL, run by somebody without privileges, since it refuses to run as root."""

    NAME = "PostgreSQL"
    ABOUT = (
        "tables with numbers as keys, an index from either end of each edge that holds the other; COPY in one "
        "transaction, then VACUUM ANALYZE; 512 MB of shared buffers, 64 MB of work memory; prepared statements over "
        "its Unix socket"
    )

    def __init__(self, folder: Path) -> None:
        super().__init__(folder)
        self._psycopg = module("psycopg")
        programs = _programs()
        self._user = _user()
        # Of another user's, and so not within the folder of the run, which only its owner may enter.
        self._home = Path(tempfile.mkdtemp(prefix="pg-"))
        if self._user:
            shutil.chown(self._home, self._user)
        data = self._home / "data"
        make = [str(programs / "initdb"), "--auth=trust", "--username=peer", "--locale=C", "--encoding=UTF8"]
        subprocess.run([*make, str(data)], check=True, user=self._user, cwd=self._home, stdout=subprocess.DEVNULL)
        settings = _SETTINGS | {"unix_socket_directories": str(self._home)}
        options = [f"--{name}={value}" for name, value in settings.items()]
        self._log = (self._home / "log").open("wb")
        self._server = subprocess.Popen(
            [str(programs / "postgres"), "-D", str(data), *options],
            user=self._user,
            cwd=self._home,
            stdout=self._log,
            stderr=subprocess.STDOUT,
        )
        self._base = self._connect()

    def _connect(self) -> Any:
        end = time.monotonic() + _PATIENCE
        while True:
            try:
                return self._psycopg.connect(host=str(self._home), user="peer", dbname="postgres", autocommit=True)
            except self._psycopg.OperationalError:
                if self._server.poll() is not None or time.monotonic() > end:
                    raise
                time.sleep(0.05)

    def version(self) -> str:
        (found,) = self._base.execute("SHOW server_version").fetchone()
        return f"PostgreSQL {found}"

    def load(self, given: Given) -> None:
        with self._base.transaction(), self._base.cursor() as cursor:
            for statement in sql.create_tables():
                cursor.execute(statement)
            for table in TABLES:
                with (
                    given.numbered(table).open("rb") as file,
                    cursor.copy(f"COPY {table.name} FROM STDIN (FORMAT csv, HEADER true)") as copy,
                ):
                    while part := file.read(1 << 20):
                        copy.write(part)
            for statement in sql.create_indexes():
                cursor.execute(statement)
        self._base.execute("VACUUM ANALYZE")

    def answer(self, question: Question) -> Rows:
        found: Rows = self._base.execute(
            sql.statement(question.kind, "%({})s"), question.parameters, prepare=True
        ).fetchall()
        return found

    def processes(self) -> Collection[psutil.Process]:
        server = psutil.Process(self._server.pid)
        return (server, *server.children())

    def disk(self) -> float:
        return sum(each.stat().st_size for each in (self._home / "data").rglob("*") if each.is_file()) / 1e6

    def close(self) -> None:
        self._base.close()
        self._server.terminate()
        self._server.wait()
        self._log.close()
        shutil.rmtree(self._home)


def _programs() -> Path:
    found = shutil.which("initdb")
    folders = [Path(found).parent] if found else sorted(Path("/usr/lib/postgresql").glob("*/bin"))
    if not folders:
        raise Absent("PostgreSQL is not installed: apt-get install postgresql")
    return folders[-1]


def _user() -> str | None:
    """Return the user that the server runs as, or None where that is the present one."""
    if os.geteuid() != 0:
        return None
    names = {each.pw_name for each in pwd.getpwall()}
    return "postgres" if "postgres" in names else "nobody"
