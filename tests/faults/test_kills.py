"""Loader, worker and server are killed at moments that are known by phase: the graph at the end is always the same.

`JWGRAPH_FAULTS=30` makes so many kills, prints each, and writes them to the file that `JWGRAPH_FAULTS_REPORT` names.
"""

from __future__ import annotations

import json
import os
import random
import signal
import socket
import subprocess
import sys
import time
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

import pytest

from jwgraph import server
from jwgraph.errors import DatabaseError
from jwgraph.settings import Connection
from jwgraph.store import schema
from jwgraph.store.digest import digest
from jwgraph.store.graph import Graph
from tests.support import backends
from tests.support.phases import Loading, environment, spread, table, within_derivation
from tests.support.programs import about, associations, part, state, write
from tests.support.readers import Heard, Readers
from tests.support.store import load_paths, wipe

pytestmark = pytest.mark.skipif(
    backends.chosen() != "managed", reason="a server that jwgraph has not started is not killed"
)

PROGRAM = "10000"
KILLS = int(os.environ.get("JWGRAPH_FAULTS", "4"))
# In turn; a loader without worker processes is killed itself.
VICTIMS = ("loader", "server", "loader", "worker", "loader")


@dataclass(frozen=True, slots=True)
class Own:
    """A server of its own, what is loaded first and then, and what is known of an undisturbed load."""

    home: Path
    connection: Connection
    first: Path
    then: list[Path]
    phases: list[str]
    digest: str
    states: tuple[dict[str, Heard], dict[str, Heard]]


@pytest.fixture(scope="module")
def own(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Own]:
    """Start a server that may be killed, and load once without a fault."""
    folder = tmp_path_factory.mktemp("kills")
    first = part(folder / "part.csv", PROGRAM)
    then = [write(folder / "all.csv", PROGRAM), associations(folder / "associations", PROGRAM)]
    with backends.running("managed", folder / "home", light=True) as connection, Graph(connection) as graph:
        schema.ensure(graph)
        load_paths(graph, first)
        before = state(graph, about(PROGRAM))
        with _loading(connection, then) as loading:
            assert loading.ended() == (0, "")
        after = state(graph, about(PROGRAM))
        yield Own(folder / "home", connection, first, then, loading.phases, digest(graph), (before, after))


def _loading(connection: Connection, paths: list[Path]) -> Loading:
    return Loading(connection, "--batch-size", "50", *paths)


def test_killed_anywhere_and_finished_is_as_if_undisturbed(own: Own, capsys: pytest.CaptureFixture[str]) -> None:
    chance = random.Random(13)
    rows = []
    report = os.environ.get("JWGRAPH_FAULTS_REPORT")
    for number, phase in enumerate(spread(own.phases, KILLS)):
        rows.append({"number": number + 1} | _kill(own, VICTIMS[number % len(VICTIMS)], phase, chance))
        with capsys.disabled():
            print(f"\n{KILLS}:", *rows[-1].values(), sep="  ", end="", flush=True)
        if report:
            Path(report).write_text(json.dumps({"undisturbed": own.digest, "kills": rows}, indent=2) + "\n")
    if report:
        with capsys.disabled():
            print(f"\n{table(rows)}\n{report}")
    assert [row for row in rows if row["digest"] != own.digest or row["wrong"]] == []
    assert sum(within_derivation(str(row["phase"])) for row in rows) * 3 >= KILLS


def _kill(own: Own, victim: str, phase: str, chance: random.Random) -> dict[str, object]:
    """Load, kill at a phase, finish, and return what happened; readers ask all the while."""
    asked = about(PROGRAM)
    with Graph(own.connection) as graph:
        wipe(graph)
        load_paths(graph, own.first)
    with Readers(own.connection, asked) as readers:
        readers.wait_for(1)
        with _loading(own.connection, own.then) as loading:
            loading.wait_for(phase, chance)
            killed = _signal(own, victim, loading)
            if killed == "server":
                assert backends.again(own.home) == own.connection
            code, said = loading.ended()
        assert said.count("\n") <= 1
        readers.wait_for(1)
        at = loading.phases[-1]
        finish = ["store", "repair"] if within_derivation(at) else ["load", *map(str, own.then)]
        done = _command(own.connection, *finish)
        readers.wait_for(2)
    # Only a server that is gone gives no answer.
    assert all(killed == "server" and isinstance(error, DatabaseError) for error in readers.failed), readers.failed
    with Graph(own.connection) as graph:
        assert state(graph, asked) == own.states[1]
        return {
            "killed": killed,
            "phase": at,
            "exit": code,
            "finished by": " ".join(finish[:2] if finish[0] == "store" else finish[:1]),
            "exit of that": done,
            "answers": sum(each.total() for each in readers.heard.values()),
            "with a note": sum(n for each in readers.heard.values() for heard, n in each.items() if heard.said),
            "wrong": len(readers.wrong(*own.states)),
            "digest": digest(graph),
        }


def _signal(own: Own, victim: str, loading: Loading) -> str:
    """Kill the server, a worker process of the loader if it has one, or the loader; return which."""
    workers = loading.processes()
    if victim == "server":
        pid = server.status(server.Home(own.home)).pid
        assert pid is not None
        os.kill(pid, signal.SIGKILL)
        _wait_for_port(int(own.connection.uri.rsplit(":", 1)[1]))
        return "server"
    if victim == "worker" and workers:
        workers[0].kill()
        return "worker"
    loading.child.kill()
    return "loader"


def _wait_for_port(port: int) -> None:
    """Wait until a port can be had: some threads of a killed process live on for a moment."""
    while True:
        try:
            socket.create_server(("127.0.0.1", port)).close()
        except OSError:
            time.sleep(0.01)
        else:
            return


def _command(connection: Connection, *arguments: str) -> int:
    return subprocess.run(
        [sys.executable, "-m", "jwgraph", "-q", *arguments],
        env=environment(connection),
        stdout=subprocess.DEVNULL,
        check=False,
    ).returncode
