"""Completion answers at once or not at all: whoever presses the tab key waits for nothing."""

from __future__ import annotations

import socket
import subprocess
import sys
import time
from collections.abc import Iterator
from pathlib import Path

import pytest

from jwgraph.cli import complete
from jwgraph.server.home_folder import Home

# A busy machine is slow; the waits that there were are a minute and more.
AT_ONCE = 30.0
HOLD = """
import sys, time
from filelock import FileLock
with FileLock(sys.argv[1]):
    print("held", flush=True)
    time.sleep(600)
"""


@pytest.fixture
def starting(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> Iterator[Home]:
    """Return a home whose server has a process and answers nobody yet, while another jwgraph holds the start lock."""
    home = Home(tmp_path / "home")
    home.prepare()
    home.password()
    monkeypatch.setenv("JWGRAPH_HOME", str(home.path))
    line = [sys.executable, "-c", HOLD, str(home.lock), f"--home-dir={home.path}"]
    with subprocess.Popen(line, stdout=subprocess.PIPE, text=True) as other:
        assert other.stdout is not None
        assert other.stdout.readline() == "held\n"
        home.write_state({"pid": other.pid, "port": 1, "version": "5.26.29", "stopped": False})
        yield home
        other.kill()


def test_a_server_that_another_process_starts_is_not_waited_for(starting: Home) -> None:
    began = time.monotonic()
    assert complete.names("jw") == []
    assert time.monotonic() - began < AT_ONCE


def test_a_server_that_does_not_answer_is_not_waited_for(monkeypatch: pytest.MonkeyPatch) -> None:
    with socket.create_server(("127.0.0.1", 0)) as silent:
        monkeypatch.setenv("NEO4J_URI", f"bolt://127.0.0.1:{silent.getsockname()[1]}")
        monkeypatch.setenv("NEO4J_PASSWORD", "x")
        began = time.monotonic()
        assert complete.names("jw") == []
        assert time.monotonic() - began < AT_ONCE
