"""The documentation as a site: built strictly, complete, searchable, self-contained."""

from __future__ import annotations

import json
import re
import shutil
import subprocess
import sys
from pathlib import Path

import pytest

from docs import check
from tests.support import documents

STYLE = '<link rel="stylesheet" href="style.css">'


def build(project: Path) -> subprocess.CompletedProcess[str]:
    """Build the site of a copy of the documentation, as `make docs` does."""
    return subprocess.run(
        [sys.executable, "-m", "zensical", "build", "--clean", "--strict"],
        cwd=project,
        capture_output=True,
        text=True,
        check=False,
    )


@pytest.fixture(scope="module")
def project(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Return a copy of the documentation, its site built."""
    folder = tmp_path_factory.mktemp("project")
    shutil.copy(documents.CHECKOUT / "mkdocs.yml", folder)
    shutil.copytree(documents.CHECKOUT / "docs", folder / "docs")
    done = build(folder)
    assert done.returncode == 0, done.stdout + done.stderr
    return folder


def text(page: Path) -> str:
    return page.read_text(encoding="utf-8")


def test_each_page_becomes_one_of_the_site_and_programs_do_not(project: Path) -> None:
    pages = {path.relative_to(project / "docs").with_suffix(".html") for path in (project / "docs").rglob("*.md")}
    built = {path.relative_to(project / "site") for path in (project / "site").rglob("*.html")}
    assert built == pages | {Path("404.html")}
    assert list((project / "site").rglob("*.py")) == []


def test_every_link_of_the_site_leads_somewhere_and_nothing_is_loaded_from_elsewhere(project: Path) -> None:
    assert check.check(project / "site") == []


def test_the_build_fails_where_a_link_between_pages_leads_nowhere(project: Path, tmp_path: Path) -> None:
    shutil.copytree(project, tmp_path / "project")
    with (tmp_path / "project" / "docs" / "index.md").open("a", encoding="utf-8") as page:
        page.write("\n[nowhere](nowhere.md)\n")
    done = build(tmp_path / "project")
    assert done.returncode != 0
    assert "page does not exist" in done.stdout + done.stderr


@pytest.mark.parametrize(
    ("body", "wrong"),
    [
        (STYLE, []),
        ('<p id="here"><a href="#here">x</a> <a href="https://example.org/">x</a>', []),
        ('<a href="gone.html">x</a>', ["index.html: gone.html leads to no file"]),
        ('<a href="../up.html">x</a>', ["index.html: ../up.html leads to no file"]),
        ('<img src="gone.png">', ["index.html: gone.png leads to no file"]),
        ('<a href="#gone">x</a>', ["index.html: #gone leads to no anchor"]),
        ('<a href="404.html#gone">x</a>', ["index.html: 404.html#gone leads to no anchor"]),
        ('<script src="https://example.org/x.js"></script>', ["index.html: loads https://example.org/x.js"]),
        ('<link rel="stylesheet" href="//example.org/x.css">', ["index.html: loads //example.org/x.css"]),
        ('<img src="http://example.org/x.png">', ["index.html: loads http://example.org/x.png"]),
    ],
)
def test_what_is_wrong_with_a_page_is_reported(tmp_path: Path, body: str, wrong: list[str]) -> None:
    (tmp_path / "404.html").write_text("")
    (tmp_path / "style.css").write_text("p { color: red }")
    (tmp_path / "index.html").write_text(body)
    assert check.check(tmp_path) == wrong


def test_a_page_that_no_other_links_to_and_a_style_sheet_that_loads_a_font_are_reported(tmp_path: Path) -> None:
    (tmp_path / "index.html").write_text('<a href="sub/one.html">x</a>')
    (tmp_path / "sub").mkdir()
    (tmp_path / "sub" / "one.html").write_text('<a href="../index.html">x</a>')
    (tmp_path / "sub" / "two.html").write_text('<a href="one.html">x</a>')
    (tmp_path / "style.css").write_text("@font-face { src: url('https://example.org/x.woff2') }")
    assert check.check(tmp_path) == ["style.css: loads https://example.org/x.woff2", "sub/two.html: no page leads here"]


def test_every_heading_is_in_the_index_of_the_search(project: Path) -> None:
    index = json.loads(text(project / "site" / "search.json"))
    found = {(item["location"].partition("#")[0], item["title"]) for item in index["items"]}
    headings = {
        (path.relative_to(project / "docs").with_suffix(".html").as_posix(), heading)
        for path in (project / "docs" / "reference").glob("*.md")
        for heading in re.findall(r"^##+ (.+)$", text(path), re.MULTILINE)
    }
    assert len(headings) > 50
    assert headings - found == set()


def test_the_search_works_from_the_file_system(project: Path) -> None:
    """A browser reads no JSON from there: the index is a script as well, and so is what stands for a worker."""
    assert text(project / "site" / "search.js").startswith("var __index")
    assert '<script src="../assets/iframe-worker.js"' in text(project / "site" / "reference" / "commands.html")


def test_a_page_has_light_dark_and_system_colours_a_search_and_copy_buttons(project: Path) -> None:
    page = text(project / "site" / "start.html")
    palettes = re.findall(r'<input[^>]*data-md-color-media="([^"]*)" data-md-color-scheme="(\w+)"[^>]*__palette', page)
    assert palettes == [
        ("(prefers-color-scheme)", "default"),
        ("(prefers-color-scheme: light)", "default"),
        ("(prefers-color-scheme: dark)", "slate"),
    ]
    settings = re.search(r'<script id="__config"[^>]*>(.*?)</script>', page, re.DOTALL)
    assert settings is not None
    assert "content.code.copy" in json.loads(settings[1])["features"]
    assert (project / "site" / json.loads(settings[1])["search"]).is_file()
    assert 'data-md-component="search"' in page
