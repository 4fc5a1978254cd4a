"""The script that fetches files, run against a server of this machine that breaks, lies and refuses."""

from __future__ import annotations

import os
import shutil
import signal
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from contextlib import suppress
from functools import partial
from pathlib import Path

import psutil
import pytest

from jwgraph.answers.products import ProductRow
from jwgraph.errors import UsageError
from jwgraph.export.curl import script
from jwgraph.export.manifest import manifest
from jwgraph.export.places import Place, places
from tests.support.files_server import Server, serving

TOKEN = "abc123def"
# Seconds; a busy machine is slow, and what waits for the end of a transfer would wait ten times as long.
PATIENCE = 60
SHELLS = [shell for shell in ("sh", "bash") if shutil.which(shell)]
HOSTILE = (
    "$(touch owned).fits",
    "a'b\"c.fits",
    "-rf.fits",
    "`id`;x&y|z.fits",
    "two words \\.fits",
    "é{1,2}[3].fits",
    "!#%?.fits",
)


@pytest.fixture
def server(monkeypatch: pytest.MonkeyPatch) -> Iterator[Server]:
    names = ("one.fits", "two.fits", "empty.fits", *HOSTILE)
    with serving({name: f"{name} ".encode() * 20_000 for name in names} | {"empty.fits": b""}) as made:
        monkeypatch.setenv("JWGRAPH_MAST", made.url)
        yield made


def row(name: str, size: int | None, *, uri: str | None = None, archived: bool = True) -> ProductRow:
    uri = f"mast:JWST/product/{name}" if uri is None else uri
    return ProductRow(name, "x", "SCIENCE", 3, uri or None, size, True, "own", "3", archived)


@pytest.fixture
def path(server: Server, tmp_path: Path) -> Path:
    """Return the script that fetches everything."""
    return write(tmp_path, [row(name, len(content)) for name, content in server.content.items()])


def write(folder: Path, rows: list[ProductRow]) -> Path:
    found, left = places(rows)
    assert not left
    path = folder / "fetch.sh"
    path.write_text("".join(script(found)), encoding="utf-8")
    return path


def run(path: Path, *, token: str | None = None, **environment: str) -> subprocess.CompletedProcess[str]:
    env = {key: value for key, value in os.environ.items() if key != "MAST_API_TOKEN"} | environment
    if token is not None:
        env["MAST_API_TOKEN"] = token
    return subprocess.run(
        ["sh", str(path), "data"],
        cwd=path.parent,
        env=env,
        capture_output=True,
        text=True,
        check=False,
        timeout=5 * PATIENCE,
    )


def there(path: Path) -> dict[str, bytes]:
    return {each.name: each.read_bytes() for each in (path.parent / "data").iterdir()}


def test_twice_fetches_once(server: Server, path: Path) -> None:
    first = run(path)
    assert first.returncode == 0, first.stderr
    assert there(path) == server.content
    assert server.starts() == dict.fromkeys(server.content, 1)
    second = run(path)
    assert second.returncode == 0
    assert f"0 fetched, {len(server.content)} there already" in second.stderr
    assert len(server.asked) == len(server.content)
    # No name was run as a command.
    assert {each.name for each in path.parent.iterdir()} == {"fetch.sh", "data"}


def test_a_connection_cut_in_the_middle_goes_on(server: Server, path: Path) -> None:
    server.cut["two.fits"] = 2
    done = run(path)
    assert done.returncode == 0, done.stderr
    assert there(path) == server.content
    assert server.starts() == dict.fromkeys(server.content, 1)
    size = len(server.content["two.fits"])
    assert [start for name, start in server.asked if name == "two.fits"] == [0, size // 2, size // 2 + size // 4]


def test_a_script_that_is_killed_goes_on(server: Server, path: Path) -> None:
    server.slow = 0.05
    for how in (signal.SIGTERM, signal.SIGINT):
        size = part_size(path) + 30_000
        with subprocess.Popen(["sh", str(path), "data"], cwd=path.parent, stderr=subprocess.DEVNULL) as process:
            wait_for(partial(grown, path, size))
            process.send_signal(how)
            assert process.wait(PATIENCE) == 130
        time.sleep(0.2)
    server.slow = 0
    assert run(path).returncode == 0
    assert there(path) == server.content
    assert server.starts() == dict.fromkeys(server.content, 1)


def test_in_the_background_of_a_script_signals_are_heard_too() -> None:
    # A shell without jobs starts a process behind & with SIGINT ignored, and a shell cannot trap a signal that was
    # ignored when it started.
    name = "test_a_script_that_is_killed_goes_on"
    line = f"trap '' INT TERM; exec '{sys.executable}' -m pytest -q -p no:cacheprovider '{__file__}::{name}'"
    done = subprocess.run(["sh", "-c", line], capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stdout


def children(process: subprocess.Popen[bytes], name: str) -> list[psutil.Process]:
    """Return the processes of that name that a script has started."""
    # It passes over processes that end meanwhile.
    found = psutil.process_iter(["name", "ppid"])
    return [each for each in found if (each.info["name"], each.info["ppid"]) == (name, process.pid)]


def end_in(what: str, shell: str, path: Path, **environment: str) -> None:
    """End a script while it waits for another process, and see both of them gone."""
    with subprocess.Popen([shell, str(path), "data"], cwd=path.parent, env=os.environ | environment) as process:
        started: list[psutil.Process] = []
        try:
            wait_for(lambda: children(process, what))
            started = children(process, what)
            process.terminate()
            assert process.wait(PATIENCE) == 130
            assert psutil.wait_procs(started, timeout=PATIENCE)[1] == []
        finally:
            process.kill()
            for each in started:
                with suppress(psutil.NoSuchProcess):
                    each.kill()


@pytest.mark.parametrize("shell", SHELLS)
def test_a_script_that_is_ended_ends_its_transfer(server: Server, path: Path, shell: str) -> None:
    # After its first piece a file stands still for longer than this test waits.
    server.slow = 10 * PATIENCE
    end_in("curl", shell, path)
    assert part_size(path) < len(server.content["one.fits"])


@pytest.mark.parametrize("shell", SHELLS)
def test_a_script_that_is_ended_between_two_tries_ends_its_pause(server: Server, tmp_path: Path, shell: str) -> None:
    server.fault["one.fits"] = [503] * 100
    path = write(tmp_path, [row("one.fits", 1)])
    long = tmp_path / "bin" / "sleep"
    long.parent.mkdir()
    long.write_text(f"#!/bin/sh\nexec {shutil.which('sleep')} {10 * PATIENCE}\n")
    long.chmod(0o755)
    end_in("sleep", shell, path, PATH=f"{long.parent}:{os.environ['PATH']}")


def part_size(path: Path) -> int:
    return sum(each.stat().st_size for each in (path.parent / "data").glob("*.part"))


def grown(path: Path, size: int) -> bool:
    return part_size(path) > size


def wait_for(what: Callable[[], object]) -> None:
    end = time.monotonic() + PATIENCE
    while not what():
        assert time.monotonic() < end
        time.sleep(0.02)


def test_a_server_without_ranges_begins_anew(server: Server, path: Path) -> None:
    server.ranges = False
    server.cut["two.fits"] = 1
    assert run(path).returncode == 0
    assert there(path) == server.content


def test_what_fails_is_named_and_the_rest_goes_on(server: Server, path: Path) -> None:
    missing = server.content.pop("one.fits")
    done = run(path)
    assert done.returncode == 1
    assert "404" in done.stderr
    assert done.stderr.endswith("failed:\none.fits\n")
    assert there(path) == server.content
    assert server.starts()["one.fits"] == 1
    server.content["one.fits"] = missing
    assert run(path).returncode == 0
    assert there(path) == server.content


def test_a_server_that_is_busy_is_asked_again(server: Server, path: Path) -> None:
    server.fault["one.fits"] = [503, 429]
    assert run(path).returncode == 0
    assert there(path) == server.content


@pytest.mark.parametrize("change", [b"", b"and more"])
def test_another_size_is_a_failure(server: Server, path: Path, change: bytes) -> None:
    server.content["one.fits"] = server.content["one.fits"][: None if change else -1] + change
    done = run(path)
    assert done.returncode == 1
    assert done.stderr.endswith("failed:\none.fits\n")
    assert "processed anew" in done.stderr
    assert set(there(path)) == set(server.content) - {"one.fits"}


def test_a_file_of_another_size_is_fetched_anew(server: Server, path: Path) -> None:
    (path.parent / "data").mkdir()
    (path.parent / "data" / "one.fits").write_bytes(b"older")
    assert run(path).returncode == 0
    assert there(path) == server.content


def test_what_is_whole_in_part_is_not_fetched(server: Server, path: Path) -> None:
    content = server.content["one.fits"]
    (path.parent / "data").mkdir()
    (path.parent / "data" / f"one.fits.{len(content)}.part").write_bytes(content)
    (path.parent / "data" / f"two.fits.{len(server.content['two.fits'])}.part").write_bytes(content * 2)
    assert run(path).returncode == 0
    assert there(path) == server.content
    assert server.starts()["one.fits"] == 0


def test_a_size_that_is_not_known(server: Server, tmp_path: Path) -> None:
    path = write(tmp_path, [row("one.fits", None)])
    (tmp_path / "data").mkdir()
    # As long as the file: the server says 416.
    (tmp_path / "data" / "one.fits..part").write_bytes(server.content["one.fits"])
    assert run(path).returncode == 0
    assert there(path) == {"one.fits": server.content["one.fits"]}
    assert run(path).returncode == 0
    assert "1 files, 0 bytes and 1 of unknown size." in path.read_text()


def test_the_token_is_read_at_run_time(server: Server, path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    assert run(path).returncode == 0
    assert server.tokens == {None}
    monkeypatch.setenv("MAST_API_TOKEN", TOKEN)
    again = write(path.parent, [row("one.fits", 1)])
    assert TOKEN not in again.read_text()
    done = run(again, token=TOKEN)
    assert server.tokens == {None, f"token {TOKEN}"}
    assert TOKEN not in done.stderr
    for hostile in ('x"\nurl = "http://127.0.0.1:1', "a b"):
        refused = run(again, token=hostile)
        assert refused.returncode == 2
        assert refused.stderr == "MAST_API_TOKEN holds characters that no token has\n"


def test_the_token_is_no_argument(server: Server, path: Path) -> None:
    server.slow = 0.1
    env = os.environ | {"MAST_API_TOKEN": TOKEN}
    with subprocess.Popen(["sh", str(path), "data"], cwd=path.parent, env=env, stderr=subprocess.DEVNULL) as process:
        wait_for(lambda: server.asked)
        shown = subprocess.run(["ps", "-eo", "args"], capture_output=True, text=True, check=True).stdout
        process.terminate()
    assert "curl --config -" in shown
    assert TOKEN not in shown


def test_not_allowed_names_the_token(server: Server, tmp_path: Path) -> None:
    server.fault["one.fits"] = [401]
    done = run(write(tmp_path, [row("one.fits", 1)]))
    assert done.returncode == 1
    assert "need MAST_API_TOKEN" in done.stderr


def test_each_name_once() -> None:
    found, left = places([row("jw1.fits", 1), row("jw1.fits", 1), row("x.fits", 1, archived=False)])
    assert [place.name for place in found] == ["jw1.fits"]
    assert left == ["x.fits"]


@pytest.mark.parametrize("name", ["../x", "a/b", ".curlrc", "", "a\nb", "\x1b[31m", ".", ".."])
def test_names_that_are_unfit_for_a_folder_are_left_out(name: str) -> None:
    assert places([row(name, 1)]) == ([], [name])


def test_mast_s_rule_gives_the_uri_that_a_list_of_names_lacks(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delenv("JWGRAPH_MAST", raising=False)
    name = "jw02733001001_02101_00001_nrca1_cal.fits"
    found, left = places([row(name, None, uri=""), row("notes.txt", None, uri="")])
    assert found == [
        Place(
            name,
            None,
            f"mast:JWST/product/{name}",
            f"https://mast.stsci.edu/api/v0.1/Download/file?uri=mast%3AJWST%2Fproduct%2F{name}",
        )
    ]
    assert left == ["notes.txt"]
    assert list(manifest(found))[1] == f"{name}\t\tmast:JWST/product/{name}\t{found[0].url}\n"


def test_a_hostile_uri_stays_one_argument_and_one_field(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delenv("JWGRAPH_MAST", raising=False)
    found, _ = places([row("x.fits", 1, uri="mast:a'\n\t$(id)&token=1")])
    assert found[0].url.endswith("?uri=mast%3Aa%27%0A%09%24%28id%29%26token%3D1")
    lines = list(manifest(found))
    assert lines[1].count("\t") == 3
    assert lines[1].count("\n") == 1


@pytest.mark.parametrize(
    "address", ["http://mast.stsci.edu", "mast", "https://a:b@c", "https://", "ftp://x", "http://[x"]
)
def test_an_invalid_address(monkeypatch: pytest.MonkeyPatch, address: str) -> None:
    monkeypatch.setenv("JWGRAPH_MAST", address)
    with pytest.raises(UsageError, match="JWGRAPH_MAST"):
        places([row("jw1.fits", 1)])
