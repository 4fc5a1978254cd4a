"""The help and the pages are plain English: the words of the first version's dialect are refused."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

from tests.support import documents

DIALECT = re.compile(r"\b(told|tells?|is none|slip of the pen|holds? of|to be had)\b", re.IGNORECASE)
PAGES = [*documents.pages(), documents.CHECKOUT / "CONTRIBUTING.md", documents.CHECKOUT / "CHANGELOG.md"]
SOURCES = [
    path
    for folder in ("jwgraph", "loaders", "cypher", "docs", "tests")
    for path in sorted((documents.CHECKOUT / folder).rglob("*"))
    if path.suffix in {".py", ".cypher"} and path != Path(__file__)
]


def found(text: str) -> list[str]:
    return [match[0] for match in DIALECT.finditer(text)]


@pytest.mark.parametrize("path", PAGES, ids=lambda path: path.name)
def test_a_page(path: Path) -> None:
    assert found(path.read_text(encoding="utf-8")) == []


@pytest.mark.parametrize("name", sorted(documents.leaves()))
def test_a_help_text(name: str) -> None:
    command = documents.leaves()[name]
    texts = [command.help or "", *(getattr(parameter, "help", None) or "" for parameter in command.params)]
    assert [word for text in texts for word in found(text)] == []


@pytest.mark.parametrize("name", sorted(documents.leaves()))
def test_an_example_has_a_line_of_its_own(name: str) -> None:
    lines = (documents.leaves()[name].help or "").splitlines()
    before = [lines[number - 1] for number, line in enumerate(lines) if number and line.startswith("Example: ")]
    assert [line for line in before if line] == []


def test_sources_keep_to_it_as_well() -> None:
    """`is None` and `tell()` are Python, so that words count by case and by what follows them."""
    prose = re.compile(r"(?<![A-Za-z])([Tt]old|[Tt]ells?(?!\()|is[ _]none|slip of the pen)(?![A-Za-z])")
    lines = [
        f"{path.relative_to(documents.CHECKOUT)}:{number}"
        for path in SOURCES
        for number, line in enumerate(path.read_text(encoding="utf-8").splitlines(), start=1)
        if prose.search(line)
    ]
    assert lines == []
