"""The managed server's parts, without a server."""

from __future__ import annotations

import hashlib
import socket
import stat
import subprocess
import sys
from pathlib import Path

import psutil
import pytest

from jwgraph import server, settings
from jwgraph.errors import ServerError, UsageError
from jwgraph.server import config, failure, ports, process
from jwgraph.server.home_folder import Home
from jwgraph.server.runtime import Java, java


@pytest.fixture
def home(tmp_path: Path) -> Home:
    made = Home(tmp_path / "home")
    made.prepare()
    return made


def mode(path: Path) -> int:
    return stat.S_IMODE(path.stat().st_mode)


# --- home and credentials


def test_the_password_is_random_private_and_kept(home: Home, tmp_path: Path) -> None:
    first = home.password()
    other = Home(tmp_path / "other")
    other.prepare()
    assert len(first) >= 24
    assert first == home.password() != other.password()
    assert mode(home.credentials) == 0o600
    assert mode(home.path) == 0o700


def test_a_damaged_password_file_is_one_sentence(home: Home) -> None:
    home.credentials.write_text("{")
    with pytest.raises(ServerError, match=r"password file .* cannot be read"):
        home.password()


def test_a_store_that_lost_its_password_file_gets_no_new_one(home: Home) -> None:
    (home.data / "databases").mkdir(parents=True)
    with pytest.raises(ServerError, match="has lost its password file"):
        home.password()


def test_a_home_that_cannot_be_made_is_one_sentence(tmp_path: Path) -> None:
    (tmp_path / "file").touch()
    with pytest.raises(ServerError, match="JWGRAPH_HOME"):
        Home(tmp_path / "file" / "home").prepare()


def test_the_first_password_is_hashed_as_neo4j_does(home: Home) -> None:
    config.write_first_password(home, "secret word")
    path = home.data / "dbms" / "auth.ini"
    user, credential, flags = path.read_text().strip().split(":")
    algorithm, digest, salt, rounds = credential.split(",")
    expected = bytes.fromhex(salt) + b"secret word"
    for _ in range(int(rounds)):
        expected = hashlib.sha256(expected).digest()
    assert (user, algorithm, digest, flags) == ("neo4j", "SHA-256", expected.hex(), "")
    assert mode(path) == 0o600


# --- configuration


def test_the_configuration_is_hardened(home: Home) -> None:
    config.write(home, 17999, "5.26.29")
    lines = set((home.conf / "neo4j.conf").read_text().splitlines())
    assert lines >= {
        "server.default_listen_address=127.0.0.1",
        "server.bolt.listen_address=127.0.0.1:17999",
        "server.http.enabled=false",
        "dbms.usage_report.enabled=false",
        "dbms.security.auth_enabled=true",
        "dbms.security.allow_csv_import_from_file_urls=false",
        "internal.dbms.cypher_ip_blocklist=0.0.0.0/0,::/0",
    }


def test_a_newer_server_does_not_make_itself_known_to_the_network(home: Home) -> None:
    config.write(home, 17999, "2026.09.0")
    lines = set((home.conf / "neo4j.conf").read_text().splitlines())
    assert lines >= {"server.fleet_discovery.enabled=false", "dbms.fleet_manager.enabled=false"}


def test_the_configuration_names_no_folder_that_it_could_not_spell(tmp_path: Path) -> None:
    home = Home(tmp_path / "où 🔭")
    home.prepare()
    config.write(home, 17999, "5.26.29")
    assert str(tmp_path) not in (home.conf / "neo4j.conf").read_text(encoding="ascii")


@pytest.mark.parametrize("text", ["lots", "12", "0g", "1t", "-1g", "1g;x"])
def test_an_invalid_size_of_memory(monkeypatch: pytest.MonkeyPatch, text: str) -> None:
    monkeypatch.setenv("JWGRAPH_HEAP", text)
    with pytest.raises(UsageError, match="JWGRAPH_HEAP must be a size such as"):
        settings.heap()


@pytest.mark.parametrize("text", ["http", "80", "70000", "-1", "٤٥٦٧"])
def test_an_invalid_port(monkeypatch: pytest.MonkeyPatch, text: str) -> None:
    monkeypatch.setenv("JWGRAPH_PORT", text)
    with pytest.raises(UsageError, match="JWGRAPH_PORT"):
        settings.port()


def test_a_taken_port_is_an_error_where_it_was_asked_for_and_else_another_is_chosen(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    with socket.create_server(("127.0.0.1", 0)) as taken:
        port = taken.getsockname()[1]
        assert ports.choose({"port": port}) != port
        monkeypatch.setenv("JWGRAPH_PORT", str(port))
        with pytest.raises(ServerError, match=f"Port {port} is taken"):
            ports.choose({})


# --- processes


def test_a_process_number_that_went_to_another_is_not_taken_for_the_server(home: Home) -> None:
    mine = psutil.Process()
    home.write_state({"pid": mine.pid, "created": mine.create_time(), "port": 1, "version": "5.26.29"})
    assert process.status(home).state == "crashed"
    assert process.down(home) is False
    assert mine.is_running()


def test_a_damaged_state_is_no_state(home: Home) -> None:
    home.state.write_text("not json")
    assert process.status(home).state == "stopped"


def test_a_newer_store_is_not_opened_with_an_older_server() -> None:
    with pytest.raises(ServerError, match=r"made by Neo4j 2026\.09\.0, which 5\.26\.29 cannot read"):
        process._chosen_version({"version": "2026.09.0"}, "5.26.29")
    assert process._chosen_version({"version": "2026.09.0"}, None) == "2026.09.0"
    assert process._chosen_version({}, None) == "5.26.29"


def test_an_unknown_version_is_named_as_such(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("JWGRAPH_NEO4J", "latest")
    with pytest.raises(UsageError, match=r"cannot run Neo4j 'latest': choose 5\.26\.29"):
        process._chosen_version({"version": "5.26.29"}, None)


SLEEP = "import time; time.sleep(60)"


@pytest.fixture
def fake_server(monkeypatch: pytest.MonkeyPatch, home: Home, tmp_path: Path) -> list[str]:
    """Start Python in place of Neo4j: the list is its command line."""
    line = [sys.executable, "-c", SLEEP, f"--home-dir={home.path}"]
    monkeypatch.setattr(process, "ensure_jars", lambda _version, _progress: tmp_path)
    monkeypatch.setattr(process, "java", lambda _version: Java(Path(sys.executable), 21))
    monkeypatch.setattr(config, "command", lambda *_arguments: line)
    return line


def test_no_server_is_left_where_its_number_cannot_be_written(
    monkeypatch: pytest.MonkeyPatch, home: Home, fake_server: list[str]
) -> None:
    def full(_home: Home, _state: object) -> None:
        raise ServerError("full")

    monkeypatch.setattr(Home, "write_state", full)
    before = psutil.Process().children()
    with pytest.raises(ServerError, match="full"):
        process.up(home, progress=lambda _text: None)
    assert psutil.Process().children() == before


def test_a_server_that_ends_at_once_says_why_and_is_buried(home: Home, fake_server: list[str]) -> None:
    fake_server[2] = "raise SystemExit('Caused by: a bad day.')"
    before = psutil.Process().children()
    with pytest.raises(ServerError, match=r"exited while starting: a bad day\. See "):
        process.up(home, progress=lambda _text: None)
    assert psutil.Process().children() == before
    assert list(server.logs(home)) == ["Caused by: a bad day."]


@pytest.mark.parametrize(
    ("line", "sentence"),
    [
        ("java.io.IOException: No space left on device", "the disk is full"),
        ("FileLockException: Lock file has been locked by another process: /x", "another process uses the store"),
        ("UnsupportedLogVersionException: Log file contains entries with prefix 33", "the store was made by a newer"),
        ("java.net.BindException: Address already in use", "its port is taken"),
        ("Could not reserve enough space for object heap", "there is too little memory"),
    ],
)
def test_what_the_server_prints_becomes_a_sentence(home: Home, line: str, sentence: str) -> None:
    home.console.write_text(f"{line}\n")
    assert failure.why(home).startswith(sentence)


def test_a_server_whose_number_was_lost_is_stopped_too(home: Home, fake_server: list[str]) -> None:
    with subprocess.Popen(fake_server) as child:
        assert process.down(home) is True
        # It was buried by the one that ended it.
        child.returncode = 0
    assert process.down(home) is False


def test_a_server_that_was_killed_is_not_explained_by_its_last_word(home: Home) -> None:
    home.console.write_text("2026-11-24 10:32:34.776+0000 INFO  This instance is ServerId{5afd83f4}\n")
    assert failure.why(home).startswith("it was killed, probably")


def test_a_server_that_is_still_starting_was_not_killed(home: Home) -> None:
    home.prepare()
    home.console.write_text("2026-11-24 10:32:34.776+0000 INFO  This instance is ServerId{5afd83f4}\n")
    with socket.socket() as closed:
        closed.bind(("127.0.0.1", 0))
        with pytest.raises(ServerError, match="has not answered for 0 s: it is still starting"):
            process._wait(home, {"port": closed.getsockname()[1]}, psutil.Process(), 0.3)


def test_one_home_spelled_in_two_ways_is_one(home: Home, tmp_path: Path, fake_server: list[str]) -> None:
    link = tmp_path / "link"
    link.symlink_to(home.path)
    with subprocess.Popen(fake_server) as child:
        home.write_state({"pid": child.pid, "port": 1, "version": "5.26.29"})
        assert process.status(Home(link)).pid == child.pid
        assert process.status(Home(tmp_path / "home" / ".." / "home")).pid == child.pid
        assert process.down(Home(link)) is True
        # It was buried by the one that ended it.
        child.returncode = 0
    assert process.status(home).state == "stopped"


def test_the_server_gets_a_locale_and_no_options_of_java_from_elsewhere(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("JDK_JAVA_OPTIONS", "-Xmx1m")
    monkeypatch.setenv("NEO4J_PASSWORD", "of another server")
    monkeypatch.setenv("LC_ALL", "C")
    found = config.environment()
    assert not {"JDK_JAVA_OPTIONS", "NEO4J_PASSWORD"} & set(found)
    assert sys.platform != "linux" or found["LC_ALL"] == "C.UTF-8"


def test_a_store_that_exists_needs_no_room_for_a_new_one(
    monkeypatch: pytest.MonkeyPatch, home: Home, fake_server: list[str]
) -> None:
    monkeypatch.setattr("shutil.disk_usage", lambda _path: type("Usage", (), {"free": 50_000_000}))
    with pytest.raises(ServerError, match=r"is full: a new store needs about 100 MB; free some space"):
        process.up(home, progress=lambda _text: None)
    fake_server[2] = "raise SystemExit('Error: gone')"
    home.password()
    (home.data / "databases").mkdir()
    with pytest.raises(ServerError, match="exited while starting"):
        process.up(home, progress=lambda _text: None)


# --- Java


def fake_java(folder: Path, release: str) -> Path:
    (folder / "bin").mkdir(parents=True)
    (folder / "bin" / "java").touch()
    (folder / "release").write_text(f'JAVA_VERSION="{release}"\n')
    return folder


def test_the_bundled_java_is_taken() -> None:
    assert java("5.26.29").program.exists()


@pytest.mark.parametrize(("release", "fits"), [("17.0.2", True), ("11.0.1", False), ("21", True), ("24", False)])
def test_java_home_where_it_fits(monkeypatch: pytest.MonkeyPatch, tmp_path: Path, release: str, fits: bool) -> None:
    monkeypatch.setattr("jwgraph.server.runtime._bundled", lambda: None)
    monkeypatch.setenv("JAVA_HOME", str(fake_java(tmp_path / "java", release)))
    if fits:
        assert java("5.26.29").release == int(release.split(".")[0])
    else:
        with pytest.raises(ServerError, match="needs Java 17, 21, 25"):
            java("5.26.29")
