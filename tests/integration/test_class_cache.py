"""The cache of Java's classes for real: a training run makes it, and servers start with it and without."""

from __future__ import annotations

from pathlib import Path

import psutil
import pytest

from jwgraph import server, training
from jwgraph.server import DEFAULT_VERSION, Home, class_cache
from jwgraph.server.jars import ensure_jars
from jwgraph.server.runtime import java
from jwgraph.store.graph import Graph
from tests.support import backends

pytestmark = [
    pytest.mark.network,
    pytest.mark.server_versions,
    pytest.mark.skipif(
        backends.chosen() != "managed", reason="it is about the managed server, and this run has another"
    ),
]


def quiet(_text: str) -> None:
    pass


def words(home: Home) -> list[str]:
    """Return the command line of a running server, which is stopped."""
    with Graph(server.up(home, progress=quiet, patience=backends.START_SECONDS)) as graph:
        assert graph.read("internal/ping")
    found = psutil.Process(server.status(home).pid).cmdline()
    server.down(home)
    return found


def test_a_training_run_and_servers_that_use_it(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    version = backends.version() or DEFAULT_VERSION
    jars = ensure_jars(version, quiet)
    cache = tmp_path / "cache"
    cache.mkdir()
    (cache / jars.name).symlink_to(jars)
    for name, value in (("JWGRAPH_CACHE", str(cache)), ("JWGRAPH_NEO4J", version), ("JWGRAPH_CLASSCACHE", "on")):
        monkeypatch.setenv(name, value)
    trained: list[str] = []
    monkeypatch.setattr(class_cache.ClassCache, "train_later", lambda _self, which: trained.append(which))
    # The priority of a process that has lowered it cannot be raised again.
    monkeypatch.setattr(training, "_step_back", lambda: None)
    classes = class_cache.of(version, java(version), cache / jars.name)
    assert classes is not None
    home = Home(tmp_path / "home")

    assert not any(str(classes.file) in word for word in words(home))
    assert trained == [version]
    training.main(version)
    assert {path.suffix for path in classes.file.parent.iterdir()} == {".cache", ".json", ".lock"}
    assert any(word.endswith(f"={classes.file}") for word in words(home))
    assert "[warning][aot" not in home.console.read_text()

    # One with which no server starts is left out, and given up.
    classes.keep(_copy(classes, b"no cache"))
    monkeypatch.setattr(class_cache.ClassCache, "to_make", lambda _self, _part: [])
    monkeypatch.setattr(
        class_cache.ClassCache, "_options", lambda _self, _newer, _older, path: [f"-XX:NoSuchOption={path}"]
    )
    assert not any(str(classes.file) in word for word in words(home))
    assert not classes.wanted()


def _copy(classes: class_cache.ClassCache, content: bytes) -> Path:
    part = classes.file.with_suffix(".part")
    part.write_bytes(content)
    return part
