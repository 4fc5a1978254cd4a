"""The jars of the managed server: fetched once, checked against the lock, each fault one sentence."""

from __future__ import annotations

import hashlib
import http.server
import socket
import threading
from collections.abc import Iterator
from pathlib import Path

import pytest

from jwgraph.errors import ServerError, UsageError
from jwgraph.server import jars


@pytest.mark.parametrize("version", jars.versions())
def test_every_lock_is_whole(version: str) -> None:
    lock = jars.read_lock(version)
    names = [jar.filename for jar in lock]
    assert len(names) == len(set(names)) > 200
    assert f"neo4j-{version}.jar" in names
    assert all(len(jar.sha256) == 64 for jar in lock)


def test_an_unknown_version_names_the_known_ones() -> None:
    with pytest.raises(UsageError, match=r"cannot run Neo4j '4\.4\.0': choose 5\.26\.29"):
        jars.read_lock("4.4.0")


def test_a_bad_line_of_a_lock_names_file_and_line() -> None:
    with pytest.raises(UsageError, match=r"^x\.lock:2: "):
        list(jars.parse_lock("# a comment\nabc org.neo4j:neo4j:1\n", "x.lock"))


class Repository(http.server.BaseHTTPRequestHandler):
    """A Maven repository on loopback: the content of every jar is its path; faults by name."""

    served: list[str]

    def do_GET(self) -> None:
        type(self).served.append(self.path)
        if "missing" in self.path:
            self.send_error(404)
            return
        if "busy" in self.path:
            self.send_response(503)
            self.send_header("Retry-After", "3600")
            self.send_header("Content-Length", "0")
            self.end_headers()
            return
        body = self.path.encode()
        self.send_response(200)
        cut = "short" in self.path or ("flaky" in self.path and len(self.served) == 1)
        self.send_header("Content-Length", str(len(body) + 100 * cut))
        self.end_headers()
        self.wfile.write(body)

    def log_message(self, *_args: object) -> None:
        pass


@pytest.fixture(autouse=True)
def _no_pauses(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(jars, "BACKOFF", 0)


@pytest.fixture
def repository(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> Iterator[list[str]]:
    handler = type("Handler", (Repository,), {"served": []})
    server = http.server.ThreadingHTTPServer(("127.0.0.1", 0), handler)
    thread = threading.Thread(target=server.serve_forever, args=(0.05,))
    thread.start()
    monkeypatch.setenv("JWGRAPH_MAVEN", f"http://127.0.0.1:{server.server_port}")
    monkeypatch.setenv("JWGRAPH_CACHE", str(tmp_path / "cache"))
    yield handler.served  # type: ignore[attr-defined]
    server.shutdown()
    server.server_close()
    thread.join()


def jar(artifact: str, *, good: bool = True) -> jars.Jar:
    made = jars.Jar("org.example", artifact, "1", "", "")
    content = f"/{made.path}".encode() if good else b"other"
    return jars.Jar("org.example", artifact, "1", "", hashlib.sha256(content).hexdigest())


def ensure(monkeypatch: pytest.MonkeyPatch, *lock: jars.Jar) -> Path:
    monkeypatch.setattr(jars, "read_lock", lambda _version: list(lock))
    return jars.ensure_jars("1.0", lambda _text: None)


def test_jars_are_fetched_once_and_checked(monkeypatch: pytest.MonkeyPatch, repository: list[str]) -> None:
    folder = ensure(monkeypatch, jar("a"), jar("b"))
    assert sorted(path.name for path in folder.glob("*.jar")) == ["a-1.jar", "b-1.jar"]
    ensure(monkeypatch, jar("a"), jar("b"))
    assert len(repository) == 2


def test_a_download_that_was_cut_off_goes_on(monkeypatch: pytest.MonkeyPatch, repository: list[str]) -> None:
    with pytest.raises(ServerError):
        ensure(monkeypatch, jar("a"), jar("missing"))
    ensure(monkeypatch, jar("a"), jar("b"))
    assert sum("/a/" in path for path in repository) == 1


def test_a_jar_that_is_not_the_one_of_the_lock_is_not_kept(
    monkeypatch: pytest.MonkeyPatch, repository: list[str], tmp_path: Path
) -> None:
    with pytest.raises(ServerError, match=r"a-1\.jar has SHA-256 .* it was deleted"):
        ensure(monkeypatch, jar("a", good=False))
    assert list((tmp_path / "cache").rglob("*a-1.jar*")) == []


def test_an_answer_that_is_no_jar_is_one_sentence(monkeypatch: pytest.MonkeyPatch, repository: list[str]) -> None:
    with pytest.raises(ServerError, match=r"missing-1\.jar of Neo4j cannot be fetched \(HTTP 404\)"):
        ensure(monkeypatch, jar("missing"))


def test_a_busy_repository_is_asked_again_and_said(
    monkeypatch: pytest.MonkeyPatch, repository: list[str], tmp_path: Path
) -> None:
    with pytest.raises(ServerError, match=r"busy-1\.jar of Neo4j cannot be fetched \(HTTP 503\)"):
        ensure(monkeypatch, jar("busy"))
    assert len(repository) == 5
    assert list((tmp_path / "cache").rglob("busy*")) == []


def test_a_connection_that_breaks_off_is_one_sentence(
    monkeypatch: pytest.MonkeyPatch, repository: list[str], tmp_path: Path
) -> None:
    with pytest.raises(ServerError, match="the connection was interrupted; try again"):
        ensure(monkeypatch, jar("short"))
    assert len(repository) == 5
    assert list((tmp_path / "cache").rglob("short*")) == []


def test_a_connection_that_breaks_off_once_is_made_again(
    monkeypatch: pytest.MonkeyPatch, repository: list[str]
) -> None:
    folder = ensure(monkeypatch, jar("flaky"))
    assert (folder / "flaky-1.jar").exists()
    assert len(repository) == 2


def test_a_jar_that_was_changed_or_is_not_of_the_lock_does_not_stay(
    monkeypatch: pytest.MonkeyPatch, repository: list[str]
) -> None:
    folder = ensure(monkeypatch, jar("a"), jar("b"))
    (folder / "a-1.jar").write_bytes(b"cut")
    (folder / "stranger-1.jar").touch()
    ensure(monkeypatch, jar("a"), jar("b"))
    assert sorted(path.name for path in folder.glob("*.jar")) == ["a-1.jar", "b-1.jar"]
    assert sum("/a/" in path for path in repository) == 2
    assert sum("/b/" in path for path in repository) == 1


def test_a_lock_that_changed_is_checked_anew(monkeypatch: pytest.MonkeyPatch, repository: list[str]) -> None:
    folder = ensure(monkeypatch, jar("a"), jar("b"))
    ensure(monkeypatch, jar("a"))
    assert [path.name for path in folder.glob("*.jar")] == ["a-1.jar"]


@pytest.mark.parametrize("address", ["nowhere", "ftp://127.0.0.1", "http://"])
def test_a_mirror_that_is_no_address_is_one_sentence(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path, address: str
) -> None:
    monkeypatch.setenv("JWGRAPH_MAVEN", address)
    monkeypatch.setenv("JWGRAPH_CACHE", str(tmp_path / "cache"))
    with pytest.raises(ServerError, match="JWGRAPH_MAVEN is not a valid address"):
        ensure(monkeypatch, jar("a"))


def test_a_disk_that_fills_up_while_jars_come_is_one_sentence(
    monkeypatch: pytest.MonkeyPatch, repository: list[str], tmp_path: Path
) -> None:
    def full(*_arguments: object) -> None:
        raise OSError(28, "No space left on device")

    monkeypatch.setattr(Path, "replace", full)
    with pytest.raises(ServerError, match=r"No space left on device.*JWGRAPH_CACHE"):
        ensure(monkeypatch, jar("a"))
    assert list((tmp_path / "cache").rglob("a-1*")) == []


def test_no_network_is_one_sentence(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    with socket.create_server(("127.0.0.1", 0)) as closed:
        port = closed.getsockname()[1]
    monkeypatch.setenv("JWGRAPH_MAVEN", f"http://127.0.0.1:{port}")
    monkeypatch.setenv("JWGRAPH_CACHE", str(tmp_path / "cache"))
    with pytest.raises(ServerError, match="there is no network connection"):
        ensure(monkeypatch, jar("a"))


def test_a_cache_that_cannot_be_made_is_one_sentence(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    (tmp_path / "file").touch()
    monkeypatch.setenv("JWGRAPH_CACHE", str(tmp_path / "file"))
    with pytest.raises(ServerError, match="JWGRAPH_CACHE"):
        ensure(monkeypatch, jar("a"))
