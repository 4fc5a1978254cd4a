"""The managed server for real: one server whatever happens, and one sentence where there is none."""

from __future__ import annotations

import http.server
import os
import signal
import socket
import stat
import subprocess
import sys
import threading
import time
from collections.abc import Iterator
from pathlib import Path
from typing import LiteralString

import psutil
import pytest
from neo4j.exceptions import Neo4jError

from jwgraph import server
from jwgraph.errors import ServerError
from jwgraph.graph import Graph
from jwgraph.server import Home
from jwgraph.server.jars import versions
from tests import backends

pytestmark = [
    pytest.mark.network,
    pytest.mark.skipif(
        backends.chosen() != "managed", reason="it is about the managed server, and this run has another"
    ),
]


def quiet(_text: str) -> None:
    pass


@pytest.fixture
def home(tmp_path: Path) -> Iterator[Home]:
    made = Home(tmp_path / "home")
    yield made
    server.down(made)


def command(home: Home, *arguments: str, **environment: str) -> subprocess.CompletedProcess[str]:
    """Run the command line with a home of its own."""
    return subprocess.run(
        [sys.executable, "-m", "jwgraph", *arguments],
        env=os.environ | {"JWGRAPH_HOME": str(home.path)} | environment,
        capture_output=True,
        text=True,
        check=False,
    )


def store_nodes(home: Home) -> int:
    with Graph(server.up(home, progress=quiet)) as graph:
        graph.ensure_schema()
        return len(graph.read("write/schema_steps"))


def test_up_status_down(home: Home) -> None:
    assert server.status(home).state == "stopped"
    first = server.up(home, progress=quiet)
    running = server.status(home)
    assert (running.state, running.uri) == ("running", first.uri)

    before = time.monotonic()
    assert server.up(home, progress=quiet) == first
    assert time.monotonic() - before < 2
    assert server.status(home).pid == running.pid

    _listens_on_loopback_only(running.pid)
    assert stat.S_IMODE(home.credentials.stat().st_mode) == 0o600
    assert first.password not in " ".join(psutil.Process(running.pid).cmdline())

    assert server.down(home) is True
    assert server.down(home) is False
    assert server.status(home).state == "stopped"
    assert server.up(home, progress=quiet).uri == first.uri


def _listens_on_loopback_only(pid: int | None) -> None:
    listening = [c.laddr.ip for c in psutil.Process(pid).net_connections() if c.status == psutil.CONN_LISTEN]
    assert listening
    assert {ip.removeprefix("::ffff:") for ip in listening} == {"127.0.0.1"}


def test_two_commands_at_once_start_one_server(home: Home) -> None:
    environment = os.environ | {"JWGRAPH_HOME": str(home.path)}
    both = [
        subprocess.Popen(
            [sys.executable, "-m", "jwgraph", "--quiet", "up"], env=environment, stdout=subprocess.PIPE, text=True
        )
        for _ in range(2)
    ]
    answers = {process.communicate()[0] for process in both}
    assert [process.returncode for process in both] == [0, 0]
    assert len(answers) == 1
    servers = [p for p in psutil.process_iter(["cmdline"]) if f"--home-dir={home.path}" in (p.info["cmdline"] or [])]
    assert len(servers) == 1


def test_a_killed_server_is_told_and_comes_up_again_with_its_data(home: Home) -> None:
    before = store_nodes(home)
    pid = server.status(home).pid
    assert pid is not None
    os.kill(pid, signal.SIGKILL)
    while psutil.pid_exists(pid) and psutil.Process(pid).status() != psutil.STATUS_ZOMBIE:
        time.sleep(0.02)
    assert server.status(home).state == "crashed"
    assert store_nodes(home) == before > 0
    assert server.status(home).pid != pid


def test_a_port_that_was_taken_meanwhile_is_given_up(home: Home) -> None:
    port = int(server.up(home, progress=quiet).uri.rsplit(":", 1)[1])
    server.down(home)
    with socket.create_server(("127.0.0.1", port)):
        again = server.up(home, progress=quiet)
    assert not again.uri.endswith(f":{port}")


def test_a_fixed_port_that_is_taken_is_one_sentence(home: Home) -> None:
    with socket.create_server(("127.0.0.1", 0)) as taken:
        port = str(taken.getsockname()[1])
        done = command(home, "--quiet", "up", JWGRAPH_PORT=port)
    assert (done.returncode, done.stdout) == (4, "")
    assert done.stderr == (
        f"jwgraph: Port {port} is taken: stop what uses it, or unset JWGRAPH_PORT to let jwgraph choose.\n"
    )


def test_no_network_at_first_use_is_one_sentence(home: Home, tmp_path: Path) -> None:
    with socket.create_server(("127.0.0.1", 0)) as closed:
        nowhere = f"http://127.0.0.1:{closed.getsockname()[1]}"
    done = command(home, "--quiet", "up", JWGRAPH_MAVEN=nowhere, JWGRAPH_CACHE=str(tmp_path / "cache"))
    assert (done.returncode, done.stdout) == (4, "")
    assert done.stderr.startswith("jwgraph: Neo4j is not installed yet")
    assert done.stderr.count("\n") == 1


def test_too_little_memory_is_one_sentence(home: Home) -> None:
    done = command(home, "--quiet", "up", JWGRAPH_HEAP="900000g")
    assert done.returncode == 4
    assert done.stderr.count("\n") == 1
    assert "memory" in done.stderr
    assert server.status(home).state != "running"


@pytest.fixture
def small_disk(tmp_path: Path) -> Iterator[Path]:
    """A disk of 40 MB, where a file system can be mounted."""
    folder = tmp_path / "disk"
    folder.mkdir()
    mounted = subprocess.run(
        ["mount", "-t", "tmpfs", "-o", "size=40m", "tmpfs", str(folder)], capture_output=True, check=False
    )
    if mounted.returncode != 0:
        pytest.skip("a file system can be mounted by root on Linux only")
    yield folder
    subprocess.run(["umount", str(folder)], check=True)


def test_a_full_disk_is_one_sentence_and_leaves_no_server(small_disk: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    home = Home(small_disk / "home")
    with pytest.raises(ServerError, match=r"The disk of .* is full"):
        server.up(home, progress=quiet)
    # Where the disk fills up while the server starts, its own words are turned into ours.
    monkeypatch.setattr("jwgraph.server.process.SPACE_NEEDED", 0)
    with pytest.raises(ServerError, match=r"disk is full|cannot be written"):
        server.up(home, progress=quiet)
    assert server.status(home).state != "running"


def test_every_locked_version_starts(tmp_path: Path) -> None:
    for version in versions():
        home = Home(tmp_path / version)
        try:
            with Graph(server.up(home, version=version, progress=quiet)) as graph:
                assert graph.server() == f"Neo4j/{version}"
        finally:
            server.down(home)


class _Listener(http.server.BaseHTTPRequestHandler):
    asked: list[str]

    def do_GET(self) -> None:
        type(self).asked.append(self.path)
        self.send_response(200)
        self.end_headers()
        self.wfile.write(b"a,b\n")

    def log_message(self, *_arguments: object) -> None:
        pass


def test_queries_read_neither_files_nor_the_network(home: Home) -> None:
    handler = type("Handler", (_Listener,), {"asked": []})
    web = http.server.ThreadingHTTPServer(("127.0.0.1", 0), handler)
    thread = threading.Thread(target=web.serve_forever, args=(0.05,))
    thread.start()
    attacks: list[LiteralString] = [
        "LOAD CSV FROM 'file:///etc/hostname' AS row RETURN row",
        "LOAD CSV FROM $url AS row RETURN row",
    ]
    with Graph(server.up(home, progress=quiet)) as graph:
        for attack in attacks:
            with graph.session(read=True) as session, pytest.raises(Neo4jError):
                session.run(attack, url=f"http://127.0.0.1:{web.server_port}/x.csv").consume()
    web.shutdown()
    web.server_close()
    thread.join()
    assert handler.asked == []  # type: ignore[attr-defined]
