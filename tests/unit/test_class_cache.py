"""The cache of Java's classes: when it is used, made, given up, without a server."""

from __future__ import annotations

import json
import os
from pathlib import Path

import pytest

from jwgraph import settings, training
from jwgraph.errors import UsageError
from jwgraph.server import class_cache, config
from jwgraph.server.class_cache import ATTEMPTS, ClassCache
from jwgraph.server.home_folder import Home
from jwgraph.server.jars import READY
from jwgraph.server.runtime import Java
from jwgraph.store import queries


@pytest.fixture
def classes(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> ClassCache:
    monkeypatch.setenv("JWGRAPH_CACHE", str(tmp_path))
    return ClassCache(tmp_path / "neo4j-5.26.29-java-25-abc.cache", 25)


def made(classes: ClassCache) -> Path:
    part = classes.file.with_suffix(".part")
    part.write_bytes(b"classes" * 1000)
    classes.keep(part)
    return classes.file


def test_what_is_kept_is_used_and_what_is_missing_is_not(classes: ClassCache) -> None:
    assert classes.to_use() == []
    made(classes)
    assert classes.to_use() == [f"-XX:AOTCache={classes.file}", "-Xlog:aot*=off"]
    assert not classes.wanted()
    assert {path.name for path in classes.file.parent.iterdir()} == {classes.file.name, classes.about.name}


def test_an_older_java_shares_its_classes(tmp_path: Path) -> None:
    classes = ClassCache(tmp_path / "x.cache", 21)
    made(classes)
    assert classes.to_use() == [f"-XX:SharedArchiveFile={classes.file}", "-Xlog:cds*=off"]
    assert classes.to_make(tmp_path / "y")[0] == f"-XX:ArchiveClassesAtExit={tmp_path / 'y'}"


@pytest.mark.parametrize("damage", [b"", b"classes" * 999, b"classes" * 999 + b"clusses"])
def test_a_damaged_one_is_removed_and_made_again(classes: ClassCache, damage: bytes) -> None:
    made(classes).write_bytes(damage)
    assert classes.to_use() == []
    assert not classes.file.exists()
    assert classes.wanted()


@pytest.mark.parametrize("text", ["", "{", "[]", "null"])
def test_one_without_its_checksum_is_not_used(classes: ClassCache, text: str) -> None:
    made(classes)
    classes.about.write_text(text)
    assert classes.to_use() == []


def test_training_that_fails_is_not_tried_for_ever(classes: ClassCache) -> None:
    for _ in range(ATTEMPTS):
        assert classes.wanted()
        classes.attempt()
    assert not classes.wanted()


def test_one_with_which_no_server_starts_is_given_up(classes: ClassCache) -> None:
    made(classes)
    classes.give_up()
    assert classes.to_use() == []
    assert not classes.wanted()


def test_what_nobody_used_for_months_is_removed(classes: ClassCache) -> None:
    old = ClassCache(classes.file.with_name("old.cache"), 21)
    made(old)
    os.utime(old.about, (0, 0))
    made(classes)
    assert (old.file.exists(), old.about.exists(), classes.file.exists()) == (False, False, True)


def test_little_memory_or_disk_makes_none(classes: ClassCache, monkeypatch: pytest.MonkeyPatch) -> None:
    with monkeypatch.context() as patch:
        patch.setattr(class_cache, "MEMORY_NEEDED", 1 << 60)
        assert not classes.wanted()
    with monkeypatch.context() as patch:
        patch.setattr(class_cache, "SPACE_NEEDED", 1 << 60)
        assert not classes.wanted()
    assert classes.wanted()


def test_it_belongs_to_one_java_and_one_set_of_jars(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("JWGRAPH_CLASSCACHE", "on")
    program = tmp_path / "java" / "bin" / "java"
    program.parent.mkdir(parents=True)
    (tmp_path / "jars").mkdir()

    def found() -> ClassCache | None:
        return class_cache.of("5.26.29", Java(program, 25), tmp_path / "jars")

    assert found() is None
    (program.parents[1] / "release").write_text("25.0.1")
    (tmp_path / "jars" / READY).touch()
    first = found()
    assert first is not None
    assert found() == first
    (program.parents[1] / "release").write_text("25.0.2")
    second = found()
    os.utime(tmp_path / "jars" / READY, (0, 0))
    assert first != second != found()
    monkeypatch.setenv("JWGRAPH_CLASSCACHE", "off")
    assert found() is None


def test_the_variable_is_on_or_off(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("JWGRAPH_CLASSCACHE", "yes")
    with pytest.raises(UsageError, match="JWGRAPH_CLASSCACHE must be on or off, not 'yes'"):
        settings.class_cache()


def test_the_options_come_before_the_class_of_the_server(tmp_path: Path) -> None:
    words = config.command(Home(tmp_path), "5.26.29", tmp_path, Java(tmp_path, 25), ["-XX:AOTCache=x"])
    assert words.index("-XX:AOTCache=x") < words.index("-cp")


def test_training_has_a_value_for_each_parameter_of_the_queries() -> None:
    needed = {each.name for query in queries.every("query") for each in query.params if each.default is None}
    assert needed == set(training.VALUES)


def test_notes_are_json(classes: ClassCache) -> None:
    made(classes)
    assert set(json.loads(classes.about.read_text())) == {"size", "crc32"}
