"""`jwgraph download` and `g.download`: what a user sees of a download, from a server of this machine."""

from __future__ import annotations

import os
import pty
import signal
import subprocess
import sys
import time
from collections.abc import Iterator
from pathlib import Path

import pytest

import jwgraph as library
from jwgraph.answers import products
from jwgraph.demo import OBS_ID
from jwgraph.errors import UsageError
from jwgraph.model.records import ProductRecord
from jwgraph.store.graph import Graph
from tests.support.cli import jwgraph, rows
from tests.support.files_server import Server, serving
from tests.support.store import load_records

pytestmark = pytest.mark.once

NAMES = [f"{OBS_ID}_{end}" for end in ("i2d.fits", "cat.ecsv", "segm.fits")]


@pytest.fixture
def server(
    graph: Graph, environment: Path, monkeypatch: pytest.MonkeyPatch, tmp_path_factory: pytest.TempPathFactory
) -> Iterator[Server]:
    """Serve three files of an Observation whose list is loaded."""
    content = {name: f"{name} ".encode() * 10_000 for name in NAMES}
    listed = [
        ProductRecord(name, OBS_ID, 1, 1, 3, None, {"dataURI": f"mast:JWST/product/{name}", "size": len(text)})
        for name, text in content.items()
    ]
    load_records(graph, [*listed, ProductRecord(f"{OBS_ID}_i2d.jpg", OBS_ID, mast={"productType": "PREVIEW"})])
    monkeypatch.setenv("JWGRAPH_CACHE", str(tmp_path_factory.mktemp("cache")))
    monkeypatch.delenv("MAST_API_TOKEN", raising=False)
    with serving(content) as made:
        monkeypatch.setenv("JWGRAPH_MAST", made.url)
        yield made


def test_recommended_files_go_into_a_folder(server: Server, graph: Graph, tmp_path: Path) -> None:
    folder = tmp_path / "data"
    bytes_ = str(sum(map(len, server.content.values())))
    for state, files in (("fetched", "3"), ("kept", "3")):
        done = jwgraph("download", OBS_ID, "-o", str(folder), "-f", "csv")
        assert (done.returncode, done.stderr) == (0, "")
        assert {row["state"]: (row["files"], row["bytes"]) for row in rows(done.stdout)}[state] == (files, bytes_)
    assert {path.name: path.read_bytes() for path in folder.iterdir()} == server.content
    assert {row.productFilename for row in products.mrp(graph, OBS_ID)} == set(NAMES)
    assert sorted(name for name, _ in server.asked) == sorted(NAMES)


def test_some_files_fail(server: Server, tmp_path: Path) -> None:
    server.fault[NAMES[0]] = [404]
    done = jwgraph("download", OBS_ID, "-o", str(tmp_path), "-f", "csv")
    assert done.returncode == 6
    assert done.stderr == f"jwgraph: {NAMES[0]}: MAST answered HTTP 404.\n"
    assert {row["state"]: row["files"] for row in rows(done.stdout)} == {"fetched": "2", "kept": "0", "failed": "1"}


def test_an_expired_token_is_one_sentence(server: Server, tmp_path: Path) -> None:
    server.anonymous = True
    done = jwgraph("download", OBS_ID, "-o", str(tmp_path), MAST_API_TOKEN="abc123def")
    assert (done.returncode, done.stdout, done.stderr.count("\n")) == (5, "", 1)
    assert "has expired or is wrong" in done.stderr
    assert "abc123def" not in done.stderr


def test_filters_selections_and_what_is_not_there(server: Server, graph: Graph, tmp_path: Path) -> None:
    done = jwgraph("download", OBS_ID, "-o", str(tmp_path), "--suffix", "cat")
    assert (done.returncode, [path.name for path in tmp_path.iterdir()]) == (0, [NAMES[1]])
    for number, which in enumerate((("--program", "2221", "--instrument", "nircam"), ("-",))):
        folder = tmp_path.parent / f"{tmp_path.name}-{number}"
        done = jwgraph("download", *which, "-o", str(folder), "--suffix", "cat", stdin=f"{OBS_ID}\n")
        assert (done.returncode, [path.name for path in folder.iterdir()]) == (0, [NAMES[1]])
    nothing = jwgraph("download", OBS_ID, "-o", str(tmp_path), "--suffix", "rate")
    assert (nothing.returncode, nothing.stderr) == (0, "None of the 3 products matches --suffix rate.\n")
    preview = jwgraph("download", OBS_ID, "-o", str(tmp_path), "--select", "linked")
    assert preview.returncode == 6
    load_records(graph, [ProductRecord("notes.txt", "jw02221-o009_t001_nircam_clear-f187n")])
    empty = jwgraph("download", "jw02221-o009_t001_nircam_clear-f187n", "-o", str(tmp_path))
    assert (empty.returncode, empty.stdout) == (3, "")
    assert "jwgraph sync --obs-id" in empty.stderr
    assert jwgraph("download", "jw02221-o001_t999_nircam_clear-f187n").returncode == 3


def test_ctrl_c_is_one_line_and_the_rest_comes_later(server: Server, tmp_path: Path) -> None:
    server.slow = 0.2
    command = [sys.executable, "-m", "jwgraph", "download", OBS_ID, "-o", str(tmp_path)]
    child = subprocess.Popen(command, stderr=subprocess.PIPE, stdout=subprocess.PIPE, env=os.environ.copy(), text=True)
    end = time.monotonic() + 120
    while time.monotonic() < end and not [path for path in tmp_path.glob("*.part") if path.stat().st_size]:
        time.sleep(0.02)
    child.send_signal(signal.SIGINT)
    out, err = child.communicate(timeout=60)
    assert (child.returncode, out) == (130, "")
    assert err == "jwgraph: Stopped: what is there stays; run the same command again to go on.\n"
    server.slow = 0
    server.asked.clear()
    assert jwgraph("download", OBS_ID, "-o", str(tmp_path)).returncode == 0
    assert {path.name: path.read_bytes() for path in tmp_path.iterdir()} == server.content
    assert any(start for _, start in server.asked)


def test_bars_on_a_terminal(server: Server, tmp_path: Path) -> None:
    (tmp_path / NAMES[2]).write_bytes(server.content[NAMES[2]])
    server.slow = 0.05
    server.cut[NAMES[0]] = 1
    leader, follower = pty.openpty()
    command = [sys.executable, "-m", "jwgraph", "download", OBS_ID, "-o", str(tmp_path), "-f", "csv"]
    environment = os.environ | {"TERM": "xterm", "COLUMNS": "120"}
    child = subprocess.Popen(command, stderr=follower, stdout=subprocess.PIPE, env=environment, text=True)
    os.close(follower)
    shown = b""
    while True:
        try:
            piece = os.read(leader, 65536)
        except OSError:
            break
        if not piece:
            break
        shown += piece
    os.close(leader)
    out = child.communicate(timeout=60)[0]
    assert child.returncode == 0, shown.decode()
    assert "3 files" in shown.decode()
    assert NAMES[0] in shown.decode()
    assert {row["state"]: row["files"] for row in rows(out)} == {"fetched": "2", "kept": "1", "failed": "0"}


def test_in_python(server: Server, tmp_path: Path) -> None:
    server.fault[NAMES[0]] = [404]
    with library.connect() as g:
        done = g.download(OBS_ID, folder=tmp_path)
        assert {row.productFilename: row.state for row in done} == {
            NAMES[0]: "failed",
            NAMES[1]: "fetched",
            NAMES[2]: "fetched",
        }
        assert {row.state for row in g.download(OBS_ID, folder=tmp_path)} == {"fetched", "kept"}
        assert done.info.call == f"g.download({OBS_ID!r}, folder={str(tmp_path)!r}, select='mrp')"
        with pytest.raises(UsageError, match="select is one of mrp, tree"):
            g.download(OBS_ID, select="everything")
