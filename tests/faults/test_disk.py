"""A disk that is full ends a load with one sentence; with space again, the next load gives the same graph."""

from __future__ import annotations

import os
import shutil
import subprocess
from collections.abc import Iterator
from pathlib import Path

import pytest

from jwgraph import server
from jwgraph.store.digest import digest
from jwgraph.store.graph import Graph
from tests.bench import synthetic
from tests.support import backends
from tests.support.phases import load
from tests.support.store import load_paths

pytestmark = pytest.mark.skipif(
    backends.chosen() != "managed", reason="the disk of a server that jwgraph has not started is not filled"
)

# Free bytes when the load begins, and rows to load. First: nothing can be written. Second: the log can still grow, but
# at some point the data files cannot.
CASES = ((100_000, 4_000), (18_000_000, 20_000))


@pytest.fixture
def disk(tmp_path: Path) -> Iterator[Path]:
    """Mount a disk of 128 MB."""
    folder = tmp_path / "disk"
    folder.mkdir()
    mount = ["mount", "-t", "tmpfs", "-o", "size=128m", "tmpfs", str(folder)]
    if shutil.which("mount") is None or subprocess.run(mount, capture_output=True, check=False).returncode != 0:
        if os.environ.get("CI") == "true":
            pytest.fail("CI tests a full disk as root on Linux, where a file system can be mounted")
        pytest.skip("a file system can be mounted by root on Linux only")
    yield folder
    subprocess.run(["umount", str(folder)], check=True)


@pytest.mark.parametrize(("left", "rows"), CASES)
def test_a_disk_that_fills_up_ends_a_load_and_the_next_one_finishes_it(
    graph: Graph, disk: Path, tmp_path: Path, left: int, rows: int
) -> None:
    few, _, _ = synthetic.write(_folder(tmp_path / "few"), 60)
    products, _, _ = synthetic.write(_folder(tmp_path / "all"), rows)
    load_paths(graph, products)
    whole = digest(graph)
    with backends.running("managed", disk / "home", light=True) as connection:
        # The store has its schema, and a part.
        assert load(connection, few) == (0, "")
        with (disk / "ballast").open("wb") as file:
            os.posix_fallocate(file.fileno(), 0, shutil.disk_usage(disk).free - left)
        code, said = load(connection, products)
        assert (code, said.count("\n")) == (4, 1)
        assert said.startswith("jwgraph: ")
        assert "its disk is full: free some space" in said
        # Nothing else is asked until it is started again.
        assert load(connection, products) == (4, said)
        (disk / "ballast").unlink()
        server.down(server.Home(disk / "home"))
        again = backends.again(disk / "home")
        assert load(again, products) == (0, "")
        with Graph(again) as other:
            assert digest(other) == whole


def _folder(path: Path) -> Path:
    path.mkdir()
    return path
