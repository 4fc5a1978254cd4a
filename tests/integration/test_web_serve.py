"""`jwgraph serve` as a process: its address, its end, and what it says where it cannot start."""

from __future__ import annotations

import os
import signal
import socket
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest
import requests

from jwgraph.cli import serve
from jwgraph.demo import OBS_ID
from jwgraph.store.graph import Graph
from tests.support import cli

pytestmark = pytest.mark.once


@contextmanager
def serving(*options: str, **environment: str) -> Iterator[tuple[str, subprocess.Popen[str]]]:
    """Start the command on a free port, and give its address; it ends with the block."""
    command = [sys.executable, "-m", "jwgraph", "serve", "--port", "0", *options]
    started = subprocess.Popen(
        command, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True, env=os.environ | environment
    )
    assert started.stdout is not None
    try:
        yield started.stdout.readline().strip(), started
    finally:
        started.send_signal(signal.SIGINT)
        out, err = started.communicate(timeout=60)
        assert "Traceback" not in out + err


def test_the_page_is_served_at_the_address_that_is_printed(demo: Graph, environment: Path) -> None:
    with serving() as (address, started):
        assert address.startswith("http://127.0.0.1:")
        answer = requests.get(f"{address}observations/{OBS_ID}?format=json", timeout=60)
        assert len(answer.json()["rows"]) == 5
        assert "server" not in answer.headers
        assert requests.get(address, headers={"Host": "evil.example"}, timeout=60).status_code == 421
        assert started.poll() is None


def test_off_loopback_a_token_is_printed_and_needed(demo: Graph, environment: Path) -> None:
    with serving("--host", "0.0.0.0") as (address, started):
        port = address.rsplit(":", 1)[1].strip("/")
        assert started.stderr is not None
        line = started.stderr.readline()
        token = line.removeprefix("Token: ").strip()
        assert len(token) >= 32
        here = f"http://127.0.0.1:{port}/?format=json"
        assert requests.get(here, timeout=60).status_code == 401
        assert requests.get(here, headers={"Authorization": f"Bearer {token}"}, timeout=60).status_code == 200


def test_answers_are_not_held_back() -> None:
    """Nagle's algorithm waits for the client's delayed acknowledgement: 40 ms for each answer of a connection."""
    with serve._listen("127.0.0.1", 0) as listening, socket.create_connection(listening.getsockname()):
        accepted, _ = listening.accept()
        with accepted:
            assert accepted.getsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY)


def test_a_port_in_use_and_a_short_token_are_one_sentence(environment: Path) -> None:
    with socket.create_server(("127.0.0.1", 0)) as taken:
        done = cli.jwgraph("serve", "--port", str(taken.getsockname()[1]))
    assert done.returncode == 2
    assert "Address already in use" in done.stderr
    short = cli.jwgraph("serve", "--host", "0.0.0.0", "--port", "0", JWGRAPH_TOKEN="short")
    assert (short.returncode, "at least 16" in short.stderr) == (2, True)


def test_without_the_extra_the_command_says_what_to_install(environment: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    for name in [each for each in sys.modules if each.startswith("jwgraph.web")]:
        monkeypatch.delitem(sys.modules, name)
    monkeypatch.setitem(sys.modules, "uvicorn", None)
    done = cli.jwgraph("serve")
    assert (done.returncode, "pip install 'jwgraph[web]'" in done.stderr) == (2, True)
