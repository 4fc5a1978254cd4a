"""The managed server for real: one server whatever happens, and one sentence where it is down."""

from __future__ import annotations

import http.server
import os
import re
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
from jwgraph.server import DEFAULT_VERSION, Home
from jwgraph.server.jars import versions
from jwgraph.store import schema
from jwgraph.store.graph import Graph
from tests.support import backends
from tests.support.cli import Done, jwgraph, process, rows

pytestmark = [
    pytest.mark.network,
    pytest.mark.skipif(
        backends.chosen() != "managed", reason="it is about the managed server, and this run has another"
    ),
]


def quiet(_text: str) -> None:
    pass


@pytest.fixture(scope="module")
def shared_home(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Home]:
    """Return a home for the whole file: each test says itself whether its server runs, so that few are started."""
    made = Home(tmp_path_factory.mktemp("server") / "home")
    yield made
    server.down(made)


@pytest.fixture
def home(tmp_path: Path) -> Iterator[Home]:
    made = Home(tmp_path / "home")
    yield made
    server.down(made)


def command(home: Home, *arguments: str, **environment: str) -> Done:
    """Run the command line with a home of its own."""
    return jwgraph(*arguments, JWGRAPH_HOME=str(home.path), **environment)


def servers(home: Home) -> list[int]:
    """Return the processes that serve a home, whatever its state file says."""
    option = f"--home-dir={home.path}"
    return [p.pid for p in psutil.process_iter(["cmdline"]) if option in (p.info["cmdline"] or [])]


def test_two_commands_at_once_start_one_server(shared_home: Home) -> None:
    server.down(shared_home)
    environment = os.environ | {"JWGRAPH_HOME": str(shared_home.path)}
    both = [
        subprocess.Popen(
            [sys.executable, "-m", "jwgraph", "--quiet", "server", "start"],
            env=environment,
            stdout=subprocess.PIPE,
            text=True,
        )
        for _ in range(2)
    ]
    answers = {process.communicate()[0] for process in both}
    assert [process.returncode for process in both] == [0, 0]
    assert len(answers) == 1
    assert servers(shared_home) == [server.status(shared_home).pid]


def test_a_server_that_runs_is_used_at_once(shared_home: Home) -> None:
    first = server.up(shared_home, progress=quiet)
    running = server.status(shared_home)
    assert (running.state, running.uri) == ("running", first.uri)
    before = time.monotonic()
    assert server.up(shared_home, progress=quiet) == first
    assert time.monotonic() - before < 2
    assert server.status(shared_home).pid == running.pid


def test_a_command_that_finds_a_server_running_imports_no_more_than_it_needs(shared_home: Home) -> None:
    with Graph(server.up(shared_home, progress=quiet)) as graph:
        schema.ensure(graph)
    code = (
        "import sys; sys.argv = ['jwgraph', 'observations', '--format', 'csv']\n"
        "from jwgraph.cli.app import main\n"
        "try: main()\n"
        "except SystemExit as done: assert not done.code\n"
        "print('\\n', *sys.modules)"
    )
    environment = os.environ | {"JWGRAPH_HOME": str(shared_home.path)}
    done = subprocess.run([sys.executable, "-c", code], env=environment, capture_output=True, text=True, check=True)
    found = set(done.stdout.splitlines()[-1].split())
    assert {"neo4j", "psutil"} <= found
    assert not {"numpy", "pandas", "pyarrow", "astropy", "filelock", "requests", "rich.console", "tenacity"} & found


def test_status_says_what_is_store_and_what_is_reserved(shared_home: Home) -> None:
    server.up(shared_home, progress=quiet)
    found = {row["what"]: (row["value"], row["unit"]) for row in rows(command(shared_home, "server", "status").stdout)}
    assert (found["state"][0], found["uptime"][1], found["store_bytes"][1]) == ("running", "s", "byte")
    assert found["uptime"][0].isdigit()
    logs = sum(path.stat().st_size for path in (shared_home.data / "transactions").rglob("*") if path.is_file())
    assert (int(found["log_bytes"][0]), int(found["store_bytes"][0]) > logs) == (logs, True)


def test_one_home_spelled_in_two_ways_has_one_server(shared_home: Home, tmp_path: Path) -> None:
    link = tmp_path / "link"
    link.symlink_to(shared_home.path)
    assert server.up(Home(link), progress=quiet) == server.up(shared_home, progress=quiet)
    assert servers(Home(link)) == []


def _opens_bolt_on_loopback_only(process: psutil.Process) -> None:
    # UDP knows no listening: a socket of it that is merely bound sends and receives.
    opened = [c for c in process.net_connections() if c.status in (psutil.CONN_LISTEN, psutil.CONN_NONE)]
    assert [c.laddr.ip.removeprefix("::ffff:") for c in opened] == ["127.0.0.1"]


def test_the_server_listens_on_loopback_only_and_its_files_are_private(shared_home: Home) -> None:
    password = server.up(shared_home, progress=quiet).password
    process = psutil.Process(server.status(shared_home).pid)
    _opens_bolt_on_loopback_only(process)
    assert password not in " ".join(process.cmdline())
    assert stat.S_IMODE(shared_home.path.stat().st_mode) == 0o700
    for private in (shared_home.credentials, shared_home.state):
        assert stat.S_IMODE(private.stat().st_mode) == 0o600


def test_a_killed_server_is_noticed_and_comes_up_again_with_its_data(shared_home: Home) -> None:
    with Graph(server.up(shared_home, progress=quiet)) as graph, graph.session() as session:
        session.run("CREATE (:Kept)").consume()
    pid = server.status(shared_home).pid
    assert pid is not None
    os.kill(pid, signal.SIGKILL)
    while psutil.pid_exists(pid) and psutil.Process(pid).status() != psutil.STATUS_ZOMBIE:
        time.sleep(0.02)
    assert server.status(shared_home).state == "crashed"
    with Graph(server.up(shared_home, progress=quiet)) as graph, graph.session() as session:
        assert session.run("MATCH (k:Kept) RETURN count(k)").single(strict=True).value() == 1
    assert server.status(shared_home).pid != pid


def test_down_stops_it_and_a_port_that_was_taken_meanwhile_is_given_up(shared_home: Home) -> None:
    port = int(server.up(shared_home, progress=quiet).uri.rsplit(":", 1)[1])
    assert server.down(shared_home) is True
    assert server.down(shared_home) is False
    assert server.status(shared_home).state == "stopped"
    assert servers(shared_home) == []
    with socket.create_server(("127.0.0.1", port)):
        again = server.up(shared_home, progress=quiet)
    assert not again.uri.endswith(f":{port}")


def test_a_fixed_port_that_is_taken_is_one_sentence(home: Home) -> None:
    with socket.create_server(("127.0.0.1", 0)) as taken:
        port = str(taken.getsockname()[1])
        done = command(home, "--quiet", "server", "start", JWGRAPH_PORT=port)
    assert (done.returncode, done.stdout) == (4, "")
    assert done.stderr == (
        f"jwgraph: Port {port} is taken: stop what uses it, or unset JWGRAPH_PORT to let jwgraph choose.\n"
    )


def test_no_network_at_first_use_is_one_sentence(home: Home, tmp_path: Path) -> None:
    with socket.create_server(("127.0.0.1", 0)) as closed:
        nowhere = f"http://127.0.0.1:{closed.getsockname()[1]}"
    done = command(home, "--quiet", "server", "start", JWGRAPH_MAVEN=nowhere, JWGRAPH_CACHE=str(tmp_path / "cache"))
    assert (done.returncode, done.stdout) == (4, "")
    assert done.stderr.startswith("jwgraph: Neo4j is not installed yet")
    assert done.stderr.count("\n") == 1


def test_too_little_memory_is_one_sentence(home: Home) -> None:
    done = command(home, "--quiet", "server", "start", JWGRAPH_HEAP="900000g")
    assert done.returncode == 4
    assert done.stderr.count("\n") == 1
    assert "memory" in done.stderr
    assert servers(home) == []


@pytest.fixture
def small_disk(tmp_path: Path) -> Iterator[Path]:
    """A disk of 4 MB, where a file system can be mounted."""
    folder = tmp_path / "disk"
    folder.mkdir()
    mounted = subprocess.run(
        ["mount", "-t", "tmpfs", "-o", "size=4m", "tmpfs", str(folder)], capture_output=True, check=False
    )
    if mounted.returncode != 0:
        pytest.skip("a file system can be mounted by root on Linux only")
    yield folder
    subprocess.run(["umount", str(folder)], check=True)


def test_a_full_disk_is_one_sentence_and_leaves_no_server(small_disk: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    home = Home(small_disk / "home")
    done = command(home, "--quiet", "server", "start")
    assert (done.returncode, done.stdout, done.stderr.count("\n")) == (4, "", 1)
    assert re.match(r"jwgraph: The disk of .* is full", done.stderr)
    # Where the disk fills up while the server starts, its own words are turned into ours.
    monkeypatch.setattr("jwgraph.server.process.SPACE_NEEDED", 0)
    with pytest.raises(ServerError, match=r"disk is full|cannot be written"):
        server.up(home, progress=quiet)
    assert servers(home) == []


class _Listener(http.server.BaseHTTPRequestHandler):
    asked: list[str]

    def do_GET(self) -> None:
        type(self).asked.append(self.path)
        self.send_response(200)
        self.end_headers()
        self.wfile.write(b"a,b\n")

    def log_message(self, *_arguments: object) -> None:
        pass


@pytest.fixture
def web() -> Iterator[tuple[str, list[str]]]:
    """A web server on loopback: its address, and the paths it was asked for."""
    handler = type("Handler", (_Listener,), {"asked": []})
    made = http.server.ThreadingHTTPServer(("127.0.0.1", 0), handler)
    thread = threading.Thread(target=made.serve_forever, args=(0.05,))
    thread.start()
    yield f"http://127.0.0.1:{made.server_port}/x.csv", handler.asked  # type: ignore[attr-defined]
    made.shutdown()
    made.server_close()
    thread.join()


@pytest.mark.parametrize("version", versions())
def test_every_locked_version_starts_and_reads_neither_files_nor_the_network(
    version: str, shared_home: Home, home: Home, web: tuple[str, list[str]]
) -> None:
    default = server.up(shared_home, progress=quiet)
    # One of another version runs beside it, on a port of its own.
    here = default if version == DEFAULT_VERSION else server.up(home, version=version, progress=quiet)
    assert (here.uri == default.uri) == (version == DEFAULT_VERSION)
    address, asked = web
    attacks: list[LiteralString] = [
        "LOAD CSV FROM 'file:///etc/hostname' AS row RETURN row",
        "LOAD CSV FROM $url AS row RETURN row",
    ]
    with Graph(here) as graph:
        assert graph.server() == f"Neo4j/{version}"
        _opens_bolt_on_loopback_only(psutil.Process(server.status(shared_home if here == default else home).pid))
        for attack in attacks:
            with graph.session(read=True) as session, pytest.raises(Neo4jError):
                session.run(attack, url=address).consume()
    assert asked == []


@pytest.mark.skipif(sys.platform != "linux", reason="elsewhere Java needs no locale to name files")
def test_a_home_with_any_name_and_no_locale(tmp_path: Path) -> None:
    home = Home(tmp_path / "où 🔭, là")
    small = {"JWGRAPH_HEAP": "300m", "JWGRAPH_PAGECACHE": "16m"}
    done = process("--quiet", "server", "start", JWGRAPH_HOME=str(home.path), LC_ALL="C", **small)
    server.down(home)
    assert (done.returncode, done.stderr) == (0, "")
