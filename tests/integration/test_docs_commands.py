"""Every command that README and docs/ show is one, runs, and prints what the page says."""

from __future__ import annotations

from pathlib import Path

import pytest

from jwgraph.store.graph import Graph
from tests.support import documents
from tests.support.documents import Command
from tests.support.store import Slate, wipe

pytestmark = pytest.mark.once

# What is not run, by the beginning of the command, and why.
NOT_RUN = {
    "sync": "asks MAST over the network; test_load_mast.py, against a replay",
    "doctor --mast": "as sync; test_mast_probe.py",
    "load": "files of the reader; test_recipes.py loads those that a page shows",
    "server start": "the server of the tests is another one; test_server.py starts one",
    "server stop": "as start; test_docs_reference.py",
    "server logs": "as start; test_docs_reference.py",
    "demo": "refuses a store with other data; see the last test",
    "store restore": "needs an empty store; see the last test",
    "store forget": "asks first; test_forget.py",
    "download": "asks MAST over the network; test_download.py asks a server of this machine",
    "serve": "serves until it is ended; test_web_serve.py",
    "cypher --write": "changes the graph; test_adhoc.py does",
}
# Events show the time of the load, and the four files on that page are in no list.
NOT_COMPARED = ("events",)

COMMANDS = {each.where: each for page in documents.pages() for each in documents.commands(page)}
REFERENCE = {where: each for where, each in COMMANDS.items() if where.startswith("commands.md")}
# test_recipes.py runs those of recipes.md.
PAGES = {w: each for w, each in COMMANDS.items() if w not in REFERENCE and not w.startswith("recipes.md")}


def runs(command: Command) -> bool:
    """Return whether a command is run here."""
    text = " ".join(command.words)
    return not any(text == start or text.startswith(f"{start} ") for start in NOT_RUN)


@pytest.fixture
def sample(slate: Slate, tmp_path_factory: pytest.TempPathFactory) -> None:
    slate.filled("pages", lambda graph: documents.fill(graph, tmp_path_factory.mktemp("files")))


@pytest.fixture
def folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """Stand in a folder of its own, with the files that commands of pages read."""
    place = tmp_path / "work"
    place.mkdir()
    monkeypatch.chdir(place)
    monkeypatch.delenv("COLUMNS", raising=False)
    (place / "data").mkdir()
    (place / "query.cypher").write_text("MATCH (o:Observation) RETURN o.obs_id LIMIT 1\n")
    queries = tmp_path / "queries"
    queries.mkdir()
    shown = documents.files(documents.CHECKOUT / "docs" / "adding.md")
    (queries / "largest.cypher").write_text(shown["largest.cypher"])
    monkeypatch.setenv("JWGRAPH_QUERIES", str(queries))
    return place


def test_commands_are_found() -> None:
    names = {path.name for path in documents.pages()}
    assert {"README.md", "answers.md", "recipes.md", "commands.md"} <= names
    assert len(COMMANDS) > 60
    assert {documents.named(each.words)[0] for each in COMMANDS.values()} == set(documents.leaves())


@pytest.mark.parametrize("where", COMMANDS)
def test_a_command_parses(where: str) -> None:
    documents.check(COMMANDS[where].words)


@pytest.mark.parametrize("where", [where for where, each in PAGES.items() if runs(each)])
@pytest.mark.usefixtures("sample", "environment", "folder")
def test_a_command_of_a_page_runs_and_prints_what_it_shows(where: str) -> None:
    command = PAGES[where]
    done = documents.run(command.words)
    assert done.code == 0, f"{command.text}\n{done.stderr}"
    if command.expected and command.words[0] not in NOT_COMPARED:
        assert documents.same(command.expected, done.stdout), f"{command.text}\n{done.stdout}"


@pytest.mark.parametrize("where", [where for where, each in REFERENCE.items() if runs(each)])
@pytest.mark.usefixtures("demo", "environment", "folder")
def test_an_example_of_the_help_runs(where: str) -> None:
    command = REFERENCE[where]
    done = documents.run(command.words)
    # The sample has no headers.
    expected = (3, "jwgraph: unknown: ") if command.words[0] in ("engineering", "stale") else (0, "")
    assert (done.code, done.stderr[: len(expected[1])]) == expected, f"{command.text}\n{done.stderr}"


@pytest.mark.usefixtures("environment", "folder")
def test_demo_dump_and_restore_as_the_pages_say(graph: Graph) -> None:
    shown = documents.run(["demo", "--own-store"])
    assert (shown.code, shown.stdout.count("\n$ jwgraph ")) == (0, 4), shown.stderr
    dumped = documents.run(["store", "dump", "jwst.tar.gz"])
    assert dumped.code == 0, dumped.stderr
    wipe(graph)
    restored = documents.run(["store", "restore", "jwst.tar.gz"])
    assert (restored.code, restored.stdout) == (0, dumped.stdout), restored.stderr
    assert documents.run(["store", "digest"]).stdout == dumped.stdout
