"""The command `sync`, against a replay of MAST: what it prints, writes, and how it ends."""

from __future__ import annotations

import json
import os
import signal
import subprocess
import sys
import time
from pathlib import Path

import pytest

from jwgraph.store.digest import digest
from jwgraph.store.graph import Graph
from tests.support.cli import jwgraph
from tests.support.mast import reading
from tests.support.mast.reading import Serve, program
from tests.support.mast.rows import LEVEL3, asn_name, small
from tests.support.mast.server import Fault, Replay

serve = reading.serve

IMAGE3 = asn_name("image3", 1)
CHANGED = {"new": 15, "reprocessed": 0, "made public": 0, "superseded": 0, "withdrawn": 0}


@pytest.fixture(autouse=True)
def cache(tmp_path: Path, environment: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.setenv("JWGRAPH_CACHE", str(tmp_path / "cache"))
    monkeypatch.delenv("MAST_API_TOKEN", raising=False)
    return tmp_path / "cache" / "mast"


def changed(text: str) -> dict[str, int]:
    lines = [line.split(",") for line in text.splitlines()]
    return {kind: int(number) for what, kind, number in lines if what == "changed"}


def test_a_program(graph: Graph, serve: Serve, tmp_path: Path, cache: Path) -> None:
    replay = serve(program(token="secret"))
    report = tmp_path / "changes.jsonl"
    arguments = ("sync", "--program", "2733", "--format", "csv", "--report", str(report))
    done = jwgraph(*arguments, MAST_API_TOKEN="secret")
    assert done.returncode == 0, done.stderr
    assert "sources,mast,1" in done.stdout
    assert changed(done.stdout) == CHANGED
    assert "secret" not in done.stdout + done.stderr
    assert {seen.cookie for seen in replay.seen} == {"mast_token=secret"}
    assert not list(cache.iterdir())
    rows = [json.loads(line) for line in report.read_text().splitlines()]
    assert len(rows) == 15
    assert {"change": "new", "productFilename": f"{LEVEL3}_i2d.fits", "detail": ""} in rows
    again = jwgraph(*arguments, MAST_API_TOKEN="secret")
    assert set(changed(again.stdout).values()) == {0}
    assert report.read_text() == ""


def test_several_values_and_kinds(graph: Graph, serve: Serve) -> None:
    replay = serve(Replay(*small(3)))
    names = [f"jw02733001001_02101_0000{number}_nrca1" for number in (1, 3)]
    arguments = [word for name in names for word in ("--obs-id", name)]
    done = jwgraph("sync", *arguments, "--target", "NGC-3132", "--keywords", "--format", "csv")
    assert done.returncode == 0, done.stderr
    assert "sources,mast,2" in done.stdout
    assert [seen.obsids for seen in replay.of("Products")] == [(1, 3)]


def test_an_association_that_is_missing_is_named(graph: Graph, serve: Serve, tmp_path: Path) -> None:
    serve(program(damaged={IMAGE3: [Fault.NOT_FOUND]}))
    rejects = tmp_path / "rejects.jsonl"
    done = jwgraph("sync", "--program", "2733", "--rejects", str(rejects))
    assert done.returncode == 6
    assert f"rejected: {IMAGE3}: MAST does not give it: MAST answered HTTP 404" in done.stderr
    assert json.loads(rejects.read_text())["source"] == IMAGE3


def test_mast_answers_with_a_web_page(graph: Graph, serve: Serve) -> None:
    serve(program(faults=dict.fromkeys(range(1, 99), Fault.WEB_PAGE)))
    done = jwgraph("sync", "--program", "2733")
    assert done.returncode == 6
    assert "web page" in done.stderr.splitlines()[-1]


def test_what_is_left_can_be_fetched(graph: Graph, serve: Serve) -> None:
    replay = serve(program(damaged={IMAGE3: [Fault.WEB_PAGE]}))
    done = jwgraph("sync", "--program", "2733")
    assert done.returncode == 6
    assert done.stderr.splitlines()[-1] == (
        "MAST did not return everything: run the same command within a day to fetch only what is missing."
    )
    replay.seen.clear()
    assert jwgraph("sync", "--program", "2733").returncode == 0
    assert [seen.file for seen in replay.seen] == [IMAGE3]


@pytest.mark.parametrize(
    ("arguments", "code", "sentence"),
    [
        (("sync",), 2, "date. Use --program, --obs-id, --target or --observed-since."),
        (("sync", "--program", "9999"), 3, "MAST has no JWST Observation with program 9999"),
        (("sync", "--program", "banana"), 2, "program"),
        (("sync", "--observed-since", "yesterday"), 2, "is no date"),
        (("sync", "--program", "2733", "--associations", "2"), 2, "associations"),
        (("load", "mast"), 2, "jwgraph sync --program 2221"),
        (("load", "mast", "--program", "2733"), 2, "jwgraph sync --program 2221"),
        (("load", "README.md", "--observed-since", "2024-01-01"), 2, "jwgraph sync --program 2221"),
    ],
)
def test_what_cannot_be_asked(serve: Serve, arguments: tuple[str, ...], code: int, sentence: str) -> None:
    serve(Replay(*small(3)))
    done = jwgraph(*arguments)
    assert done.returncode == code, done.stderr
    assert sentence in done.stderr


def test_ctrl_c_ends_with_one_line_and_can_be_gone_on_with(graph: Graph, serve: Serve, tmp_path: Path) -> None:
    replay = serve(program(damaged={IMAGE3: [Fault.SILENT]}))
    command = [sys.executable, "-m", "jwgraph", "sync", "--program", "2733"]
    process = subprocess.Popen(command, stderr=subprocess.PIPE, stdout=subprocess.PIPE, text=True, env=dict(os.environ))
    deadline = time.monotonic() + 60
    while IMAGE3 not in replay.files and time.monotonic() < deadline:
        time.sleep(0.05)
    process.send_signal(signal.SIGINT)
    out, err = process.communicate(timeout=30)
    assert process.returncode == 130, err
    assert out == ""
    assert err.splitlines()[-1] == (
        "jwgraph: Interrupted: run the same command within a day to fetch only what is missing."
    )
    assert "Traceback" not in err
    replay.seen.clear()
    assert jwgraph("sync", "--program", "2733").returncode == 0
    assert IMAGE3 in replay.files
    assert not replay.of("Products")
    assert len(digest(graph)) == 64
