"""Every command of docs/recipes.md prints what the page shows, and every query of it gives rows."""

from __future__ import annotations

import json
import re
from pathlib import Path

import pytest

from jwgraph.store import queries
from tests.support import documents
from tests.support.documents import Block, Command
from tests.support.store import Slate

pytestmark = pytest.mark.once

PAGE = documents.RECIPES
QUESTIONS = re.split(
    r"^## (?=\d+\. )", PAGE.read_text(encoding="utf-8").split("\n## The files")[0], flags=re.MULTILINE
)[1:]

SHOWN = [each for each in documents.commands(PAGE) if each.words[0] not in ("demo", "load")]
QUERIES = [block for block in documents.blocks(PAGE) if block.language == "cypher"]


@pytest.fixture
def loaded(slate: Slate, tmp_path_factory: pytest.TempPathFactory) -> None:
    slate.filled("pages", lambda graph: documents.fill(graph, tmp_path_factory.mktemp("recipes")))


def test_twenty_questions_each_with_a_command_a_query_and_a_named_query() -> None:
    assert [text.partition(".")[0] for text in QUESTIONS] == [str(n) for n in range(1, 21)]
    for text in QUESTIONS:
        title = text.splitlines()[0]
        assert text.count("```cypher") == 1, title
        assert "\n$ jwgraph " in text, title
        names = re.findall(r"reference/queries\.md#(\w+)", text)
        assert names, title
        for name in names:
            assert queries.get(f"query/{name}").summary


@pytest.mark.parametrize("command", SHOWN, ids=[each.where for each in SHOWN])
@pytest.mark.usefixtures("loaded", "environment")
def test_a_command_prints_what_the_page_shows(
    command: Command, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(tmp_path)
    monkeypatch.delenv("COLUMNS", raising=False)
    done = documents.run(command.words)
    assert done.code == 0, done.stderr
    assert documents.same(command.expected, done.stdout), f"{command.where}\n{done.stdout}"


@pytest.mark.parametrize("block", QUERIES, ids=[each.where for each in QUERIES])
@pytest.mark.usefixtures("loaded", "environment")
def test_a_query_of_the_page_gives_rows(block: Block) -> None:
    done = documents.run(["cypher", "\n".join(block.lines), "--format", "json"])
    assert done.code == 0, f"{block.where}: {done.stderr}"
    assert json.loads(done.stdout)["rows"], block.where


@pytest.mark.usefixtures("loaded", "environment")
def test_the_folder_is_loaded_by_the_command_of_the_page(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    (load,) = [each for each in documents.commands(PAGE) if each.words[0] == "load"]
    folder = tmp_path / load.words[1]
    folder.mkdir()
    for name, text in documents.files(PAGE).items():
        (folder / name).write_text(text, encoding="utf-8")
    monkeypatch.chdir(tmp_path)
    before = documents.run(["store", "digest"])
    done = documents.run(load.words)
    assert done.code == 0, done.stderr
    assert documents.run(["store", "digest"]) == before


def test_lines_that_are_left_out() -> None:
    assert documents.same(["a", "…", "d"], "a\nb\nc\nd\n")
    assert documents.same(["a", "…"], "a\n")
    assert documents.same(["…,b"], "1,b\n")
    assert not documents.same(["a", "d"], "a\nb\nd\n")
    assert not documents.same(["a", "…", "d"], "a\nb\n")
    assert not documents.same([], "a\n")
