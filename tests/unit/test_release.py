"""What is released says what it is, and the check of a release finds what is wrong."""

from __future__ import annotations

import tomllib
from typing import Any

import pytest
import yaml

import jwgraph
from tests.release import check
from tests.support import documents

METADATA = f"jwgraph-{jwgraph.__version__}.dist-info"
TOP = check.top_level(check.INSTALLED)


def project() -> Any:
    return tomllib.loads((documents.CHECKOUT / "pyproject.toml").read_text(encoding="utf-8"))["project"]


def installed() -> set[str]:
    """Return the files of a faultless installation."""
    folders = {name: documents.CHECKOUT / folder for name, folder in check.INSTALLED.items()}
    files = {
        f"{name}/{path.relative_to(folder).as_posix()}"
        for name, folder in folders.items()
        for path in folder.rglob("*")
        if path.is_file() and "__pycache__" not in path.parts
    }
    return files | {f"{METADATA}/licenses/LICENSE", f"{METADATA}/RECORD", "../../../bin/jwgraph"}


def test_the_citation_is_of_this_version_and_names_what_the_package_names() -> None:
    citation = yaml.safe_load((documents.CHECKOUT / "CITATION.cff").read_text(encoding="utf-8"))
    assert citation["cff-version"] == "1.2.0"
    assert citation["version"] == jwgraph.__version__
    assert citation["license"] == project()["license"]
    assert citation["authors"] == project()["authors"]
    assert citation["title"].startswith("jwgraph")
    assert not {"doi", "identifiers", "repository-code", "url"} & citation.keys(), (
        "none exists before the first release"
    )


def test_a_faultless_installation_passes() -> None:
    check.check_files(sorted(installed() | {"jwgraph/__pycache__/x.pyc"}))


@pytest.mark.parametrize(
    ("without", "more", "message"),
    [
        ("jwgraph/cypher/query/tree.cypher", "", "Missing: jwgraph/cypher/query/tree.cypher. Not expected: nothing."),
        ("jwgraph/names/suffixes.csv", "", "Missing: jwgraph/names/suffixes.csv. Not expected: nothing."),
        ("jwgraph/py.typed", "", "Missing: jwgraph/py.typed. Not expected: nothing."),
        ("", "jwgraph/notes.txt", "Missing: nothing. Not expected: jwgraph/notes.txt."),
        ("", "tests/__init__.py", f"Installed at the top level: {', '.join(sorted(TOP | {'tests'}))}."),
        (f"{METADATA}/licenses/LICENSE", "", f"{METADATA}/licenses/LICENSE is missing."),
    ],
)
def test_a_file_that_is_missing_or_too_much_is_reported(without: str, more: str, message: str) -> None:
    with pytest.raises(SystemExit) as refused:
        check.check_files(sorted((installed() - {without}) | {more} - {""}))
    assert str(refused.value) == message
