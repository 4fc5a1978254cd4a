"""The pages that are generated agree with what they are made from, and the examples in the help are commands."""

from __future__ import annotations

import re
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest

from docs import generate
from jwgraph.cli import shell
from jwgraph.cli.output import Format
from jwgraph.model import vocabulary
from jwgraph.model.records import Problem, ProductRecord
from jwgraph.store import queries
from jwgraph_loaders.base import Source
from jwgraph_loaders.find.read import read_all
from tests.support import documents

REFERENCE = documents.CHECKOUT / "docs" / "reference"
EXAMPLES = {name: generate.examples(command.help or "") for name, command in documents.leaves().items()}


@pytest.mark.parametrize("page", generate.PAGES)
def test_a_page_is_up_to_date(page: str) -> None:
    assert (documents.CHECKOUT / "docs" / page).read_text(encoding="utf-8") == generate.PAGES[page](), (
        "run python docs/generate.py"
    )


def test_check_says_it_with_an_exit_code_and_neither_colours_nor_own_queries_change_a_page(tmp_path: Path) -> None:
    (tmp_path / "mine.cypher").write_text(
        "// name: query/mine\n// summary: Mine.\n// returns: n INTEGER\nRETURN 1 AS n\n"
    )
    done = subprocess.run(
        [sys.executable, "docs/generate.py", "--check"],
        cwd=documents.CHECKOUT,
        env={"PATH": "", "COLUMNS": "40", "FORCE_COLOR": "1", "JWGRAPH_QUERIES": str(tmp_path)},
        capture_output=True,
        text=True,
        check=False,
    )
    assert (done.returncode, done.stderr) == (0, "")


def test_a_page_that_differs_is_named(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setattr(generate, "FOLDER", tmp_path)
    monkeypatch.setattr(sys, "argv", ["generate.py"])
    assert generate.main() == 0
    page = tmp_path / "reference" / "queries.md"
    page.write_text(page.read_text() + "more\n")
    monkeypatch.setattr(sys, "argv", ["generate.py", "--check"])
    assert generate.main() == 1
    assert capsys.readouterr().err == "Out of date: reference/queries.md. Run python docs/generate.py.\n"
    assert page.read_text().endswith("more\n")


def test_formats_are_listed_whole_or_not_at_all() -> None:
    every = [each.value for each in Format]
    pages = [path.read_text(encoding="utf-8") for path in documents.CHECKOUT.rglob("*.md") if ".venv" not in path.parts]
    listed = [found.split("|") for page in pages for found in re.findall(r"--format (table(?:\|\w+)+)", page)]
    assert listed == [every] * len(listed)
    # The program lists the choices of an option beside its help.
    helps = [option.help for leaf in documents.leaves().values() for option in leaf.params if option.name == "format"]
    assert len(helps) > 20
    assert not [text for text in helps if any(re.search(rf"\b{name}\b", text) for name in every)]
    line = next(line for line in shell.HELP.splitlines() if line.startswith(":format"))
    assert re.findall(r"\w+", line.partition("output: ")[2]) == every


def test_the_page_of_queries_and_query_list_agree() -> None:
    page = (REFERENCE / "queries.md").read_text(encoding="utf-8")
    listed = documents.run(["query", "list", "--format", "csv"])
    assert listed.code == 0
    names = [line.partition(",")[0] for line in listed.stdout.splitlines()[1:]]
    assert re.findall(r"^## (.+)$", page, re.MULTILINE) == names
    assert names == [queries.short_name(query.name) for query in queries.every("query")]
    for query in queries.every("query"):
        part = page.split(f"\n## {queries.short_name(query.name)}\n")[1].split("\n## ")[0]
        assert [p.name for p in query.params] == re.findall(r"^\| `(\w+)` \|", part, re.MULTILINE)


def test_the_page_of_commands_has_every_command_and_option() -> None:
    page = (REFERENCE / "commands.md").read_text(encoding="utf-8")
    assert sorted(re.findall(r"^### jwgraph (.+)$", page, re.MULTILINE)) == sorted(documents.leaves())
    for name, command in documents.leaves().items():
        part = page.split(f"\n### jwgraph {name}\n")[1].split("\n### ")[0]
        shown = [each for each in command.params if not getattr(each, "hidden", False)]
        for option in (opt for each in shown for opt in each.opts if opt.startswith("-")):
            assert f"`{option}`" in part, f"{name} {option}"


def test_the_page_of_the_vocabulary_has_every_word() -> None:
    page = (REFERENCE / "vocabulary.md").read_text(encoding="utf-8")
    words = [
        *(each.name for each in vocabulary.LABELS),
        *(each.name for each in vocabulary.EDGES),
        *vocabulary.RELATIONS,
        *vocabulary.Exptype,
        *(each.name for each in vocabulary.Reason),
        *vocabulary.MrpRule,
    ]
    assert [word for word in words if f"| `{word}` |" not in page] == []


@pytest.mark.parametrize("name", EXAMPLES)
def test_every_command_has_an_example_and_it_parses(name: str) -> None:
    assert EXAMPLES[name], f"jwgraph {name} has no example in its help"
    for example in EXAMPLES[name]:
        words = documents.words(example)
        assert documents.named(words)[0] == name
        documents.check(words)


def test_pages_name_no_place_of_this_machine() -> None:
    for page in REFERENCE.glob("*.md"):
        assert str(documents.CHECKOUT) not in page.read_text(encoding="utf-8")


def test_the_loader_that_the_page_shows_loads() -> None:
    text = documents.files(documents.CHECKOUT / "docs" / "adding.md")["seen.py"]
    made: dict[str, Any] = {}
    exec(compile(text, "seen.py", "exec"), made)
    source = Source.from_bytes("list.txt", b"SEEN jw02733001001_02101_00001_nrca1_cal.fits\nSEEN a/b.fits\n")
    assert made["LOADER"].detect(source)
    good, bad = made["LOADER"].read(source)
    assert good == ProductRecord("jw02733001001_02101_00001_nrca1_cal.fits")
    assert (bad.line, bad.severity) == (2, "rejected")


def test_what_the_page_of_sources_shows_loads(tmp_path: Path) -> None:
    found = documents.blocks(documents.CHECKOUT / "docs" / "sources.md")
    for block in (each for each in found if not each.lines[0].startswith("jwgraph ")):
        name = "dump.json" if block.language == "json" else "list.csv"
        if "|" in block.lines[0]:
            name = "jw09999_20260301t000000_pool.csv"
        (tmp_path / name).write_text("\n".join(block.lines) + "\n", encoding="utf-8")
        records, _ = read_all([str(tmp_path / name)])
        shown = list(records)
        assert shown, block.where
        assert [each for each in shown if isinstance(each, Problem)] == [], block.where


def test_links_of_pages_outside_the_site_lead_somewhere() -> None:
    for name in ("README.md", "CONTRIBUTING.md", "CHANGELOG.md"):
        text = (documents.CHECKOUT / name).read_text(encoding="utf-8")
        for target in re.findall(r"\]\((?!https?:)([^)#]+)", text):
            assert (documents.CHECKOUT / target).exists(), f"{name}: {target}"


def test_server_commands_where_no_server_runs(monkeypatch: pytest.MonkeyPatch) -> None:
    """The commands of operating.md that other tests do not run: these tests have a server of another kind."""
    monkeypatch.delenv("NEO4J_URI", raising=False)
    stopped = documents.run(["server", "stop"])
    assert (stopped.code, stopped.stderr) == (0, "No server was running.\n")
    nothing = documents.run(["server", "logs", "-n", "20"])
    assert (nothing.code, nothing.stdout) == (4, "")
