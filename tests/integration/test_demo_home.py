"""The sample has a store of its own, and what `jwgraph demo` prints can be typed."""

from __future__ import annotations

import os
import re
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest

from jwgraph import server, settings
from jwgraph.store.graph import Graph
from tests.support import backends
from tests.support.cli import jwgraph, process
from tests.support.small import records
from tests.support.store import load_records

managed = pytest.mark.skipif(
    backends.chosen() != "managed", reason="it is about the managed server, and this run has another"
)


@pytest.fixture
def home(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Path]:
    """Stand in a user's place: a home that does not exist yet, with a blank in its name, and `jwgraph` to type."""
    place = tmp_path / "my data" / "jwgraph"
    monkeypatch.setenv("JWGRAPH_HOME", str(place))
    monkeypatch.setenv("PATH", f"{Path(sys.executable).parent}{os.pathsep}{os.environ['PATH']}")
    yield place
    server.down(server.Home(settings.demo_home()))


def shown(text: str) -> list[tuple[str, str]]:
    """Return the commands in what the demo prints, and what stands below each."""
    parts = re.split(r"^\$ (.+)$", text, flags=re.MULTILINE)
    return list(zip(parts[1::2], parts[2::2], strict=True))


@managed
@pytest.mark.network
def test_what_it_prints_can_be_typed_and_the_own_store_stays_as_it_is(home: Path) -> None:
    first = process("demo")
    assert first.returncode == 0, first.stderr
    assert not home.exists()
    place = jwgraph("demo", "--where").stdout.strip()
    assert place == str(home.with_name("jwgraph-demo"))
    (export, _), *asked, (removal, _) = shown(first.stdout)
    for command, expected in asked:
        # The demo shows what a terminal shows.
        typed = f"{command.split('#')[0]} --format table"
        done = subprocess.run(f"{export} && {typed}", shell=True, capture_output=True, text=True, check=False)
        assert done.returncode == 0, f"{command}\n{done.stderr}"
        assert done.stdout.split()[:3] == expected.split()[:3], command
        assert len(done.stdout.splitlines()) > 5, command
    # Again, and from a shell that has the variable: the same store.
    assert process("demo", JWGRAPH_HOME=place).returncode == 0
    assert not Path(f"{place}-demo").exists()
    running = server.status(server.Home(Path(place))).pid
    assert running is not None
    subprocess.run(removal, shell=True, check=True)
    assert not Path(place).exists()
    assert list(home.parent.iterdir()) == []


@pytest.mark.usefixtures("environment")
def test_a_server_of_the_users_own_is_asked_for(graph: Graph) -> None:
    done = jwgraph("demo")
    assert done.returncode == 5
    assert done.stderr.startswith("jwgraph: NEO4J_URI is set to ")
    assert "--own-store" in done.stderr
    assert graph.read("internal/any_node") == []
    done = jwgraph("demo", "--own-store")
    assert done.returncode == 0, done.stderr
    assert "JWGRAPH_HOME" not in done.stdout
    assert len(shown(done.stdout)) == 4


@pytest.mark.usefixtures("environment")
def test_other_data_is_not_mixed_with_it(graph: Graph) -> None:
    load_records(graph, records())
    done = jwgraph("demo", "--own-store")
    assert done.returncode == 5
    assert done.stderr.startswith("jwgraph: The store already has other data")
    assert jwgraph("demo", "--own-store", "--mix").returncode == 0
