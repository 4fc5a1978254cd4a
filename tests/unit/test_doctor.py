"""The doctor looks and changes nothing."""

from __future__ import annotations

import socket
import subprocess
import sys
from pathlib import Path

import pytest

from jwgraph import doctor
from jwgraph.server import home_folder


def found() -> dict[str, tuple[str, str]]:
    return {check.check: (check.state, check.detail) for check in doctor.examine()}


@pytest.fixture(autouse=True)
def _room(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    monkeypatch.setenv("JWGRAPH_HOME", str(tmp_path / "home"))
    monkeypatch.setenv("JWGRAPH_CACHE", str(tmp_path / "cache"))


def test_a_machine_on_which_nothing_was_done_yet(tmp_path: Path) -> None:
    checks = found()
    assert {state for state, _ in checks.values()} <= {"ok", "warning"}
    assert "not installed yet" in checks["neo4j"][1]
    assert "not running" in checks["store"][1]
    assert list(tmp_path.iterdir()) == []


def test_a_password_that_others_can_read_is_reported(tmp_path: Path) -> None:
    home = home_folder.home()
    home.prepare()
    home.password()
    assert found()["password"][0] == "ok"
    home.credentials.chmod(0o644)
    assert found()["password"] == ("warning", f"other users can read {home.credentials}: run chmod 600 on it")


def test_a_misspelled_variable(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("JWGRAPH_HOEM", "/tmp")
    assert found()["environment"] == ("warning", "jwgraph has no variable JWGRAPH_HOEM: check its spelling")


def test_an_invalid_address(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("NEO4J_URI", "banana")
    assert found()["environment"][0] == "error"


def test_a_server_that_does_not_answer(monkeypatch: pytest.MonkeyPatch) -> None:
    for name, value in (("NEO4J_URI", "bolt://127.0.0.1:1"), ("NEO4J_PASSWORD", "x")):
        monkeypatch.setenv(name, value)
    assert found()["server"][0] == "error"


def test_a_managed_server_that_is_still_starting() -> None:
    home = home_folder.home()
    home.prepare()
    waiting = [sys.executable, "-c", "import time; time.sleep(600)", f"--home-dir={home.path}"]
    with socket.socket() as closed, subprocess.Popen(waiting) as process:
        closed.bind(("127.0.0.1", 0))
        home.write_state({"pid": process.pid, "port": closed.getsockname()[1], "version": "5.26.29"})
        try:
            assert found()["server"] == (
                "warning",
                "Neo4j is starting and does not answer yet: try again in a minute",
            )
        finally:
            process.kill()


def test_the_version_that_would_start_is_the_one_examined(monkeypatch: pytest.MonkeyPatch) -> None:
    home = home_folder.home()
    home.prepare()
    home.write_state({"version": "5.26.29", "stopped": True})
    monkeypatch.setenv("JWGRAPH_NEO4J", "2026.09.0")
    assert "2026.09.0" in found()["neo4j"][1]
