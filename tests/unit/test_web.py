"""The pure parts of the web page: who may ask, addresses and commands, the rows of a tree."""

from __future__ import annotations

import subprocess
import sys
import time
from pathlib import Path

import pytest
from starlette.datastructures import Headers

from jwgraph.answers.products import ProductRow
from jwgraph.errors import DatabaseError, NotFoundError, RefusedError, UsageError
from jwgraph.present.tree import group
from jwgraph.questions.command import command
from jwgraph.questions.database import Database
from jwgraph.settings import Connection
from jwgraph.web import nodes
from jwgraph.web.answer import HERE, address, observation, product, toggled
from jwgraph.web.asked import ObservationsAsked, TreeAsked
from jwgraph.web.errors import pieces, status_of
from jwgraph.web.guard import Access, foreign, is_loopback
from jwgraph.web.limits import tidy
from jwgraph.web.pages.observations import name

L3 = "jw09001-o001_t001_nircam_clear-f200w"


def _row(filename: str, owner: str, level: int, mrp: bool = False) -> ProductRow:
    kind = {1: "1b", 2: "2b", 3: "3"}[level]
    return ProductRow(filename, owner, "SCIENCE", level, None, 1000, mrp, "own", kind, True)


def _tree(exposures: int) -> list[ProductRow]:
    own = [_row(f"{L3}_i2d.fits", L3, 3, mrp=True)]
    names = [f"jw09001001001_02101_{n:05d}_nrca1" for n in range(1, exposures + 1)]
    return own + [_row(f"{each}_{end}.fits", each, 2) for each in names for end in ("cal", "i2d", "rate", "uncal")]


@pytest.mark.parametrize(
    ("host", "known"),
    [
        ("127.0.0.1", True),
        ("127.0.0.1:80", True),
        ("127.1.2.3", True),
        ("localhost.", True),
        ("[::1]:1", True),
        ("archive.example", True),
        ("archive.example.evil", False),
        ("0.0.0.0", False),
        ("192.168.1.1", False),
        ("127.0.0.1:80@evil", False),
        ("127.0.0.1\\evil", False),
        ("", False),
        ("[", False),
    ],
)
def test_hosts(host: str, known: bool) -> None:
    assert Access(frozenset({"archive.example"})).knows(host) is known


def test_off_loopback_addresses_are_known_and_names_are_not() -> None:
    access = Access(token="t" * 16)
    assert access.knows("192.168.1.1:8765")
    assert not access.knows("evil.example")


@pytest.mark.parametrize(
    ("host", "mine"), [("127.0.0.1", True), ("::1", True), ("localhost", True), ("0.0.0.0", False)]
)
def test_loopback(host: str, mine: bool) -> None:
    assert is_loopback(host) is mine


def test_a_foreign_page_is_not_taken_for_this_one() -> None:
    own = {"host": "127.0.0.1:1", "origin": "http://127.0.0.1:1"}
    assert foreign(Headers(own), "POST") == ""
    assert foreign(Headers({**own, "origin": "http://127.0.0.1:2"}), "POST") != ""
    assert foreign(Headers({"host": "127.0.0.1:1"}), "GET") == ""
    assert foreign(Headers({"sec-fetch-site": "cross-site", "sec-fetch-mode": "no-cors"}), "GET") != ""


@pytest.mark.parametrize(
    ("query", "tidied"),
    [
        ("", None),
        ("mrp=1&suffix=cal", None),
        ("suffix=&mrp=1", "mrp=1"),
        ("mrp=0&mrp=1", "mrp=1"),
        ("mrp=0&suffix=cal&suffix=", "mrp=0&suffix=cal"),
        ("q=", ""),
        ("q=%C3%A9&x=", "q=%C3%A9"),
    ],
)
def test_addresses_are_tidied(query: str, tidied: str | None) -> None:
    assert tidy(query) == tidied


def test_commands_are_quoted_for_the_shell() -> None:
    assert command("tree", "a b", mrp=True, suffix=["cal", "x1d"], guide_star=False, type=[], level=None) == (
        "jwgraph tree 'a b' --mrp --suffix cal --suffix x1d --no-guide-star"
    )
    assert command("cypher", "RETURN 'x; rm'") == "jwgraph cypher 'RETURN '\"'\"'x; rm'\"'\"''"


def test_addresses_of_states() -> None:
    asked = TreeAsked.model_validate({"mrp": "0", "suffix": ["cal"], "open": ["own"]})
    assert asked.url(open=["own", "linked"]) == "?mrp=0&suffix=cal&open=own&open=linked"
    assert asked.url(open=None, format="csv") == "?mrp=0&suffix=cal&format=csv"
    assert asked.fields("open") == [("mrp", "0"), ("suffix", "cal")]
    assert ObservationsAsked.model_validate({"level3": "no"}).options()["level3"] is False
    assert toggled("a", {"a"}) == ["none"]
    assert toggled("a", {"b"}) == ["a", "b"]


def test_names_in_addresses_are_quoted() -> None:
    assert product("a/b?c#d<e>.fits") == "/products/a%2Fb%3Fc%23d%3Ce%3E.fits"
    assert observation("../x") == "/observations/..%2Fx"


@pytest.mark.parametrize(
    ("text", "meant"),
    [
        ("f187n", "*f187n*"),
        ("jw02221-o0", "jw02221-o0*"),
        ("2221", "2221"),
        ("a_cal.fits", "a_cal.fits"),
        ("*x*", "*x*"),
    ],
)
def test_what_the_search_box_means(text: str, meant: str) -> None:
    assert name(text) == meant


def test_names_in_sentences_become_links() -> None:
    sentence = f"Did you mean {L3} or {L3}_i2d.fits?"
    assert [(text, where) for text, where in pieces(sentence) if where] == [
        (L3, f"/observations/{L3}"),
        (f"{L3}_i2d.fits", f"/products/{L3}_i2d.fits"),
    ]
    assert "".join(text for text, _ in pieces(sentence)) == sentence


def test_errors_have_their_status() -> None:
    errors = [UsageError(), NotFoundError(), RefusedError(), RefusedError(remedy="timeout"), DatabaseError()]
    assert [status_of(each) for each in errors] == [422, 404, 403, 504, 503]


def test_a_tree_of_many_exposures_is_folded_and_opens_on_demand() -> None:
    top = nodes.tree(group(L3, _tree(2500)), folded=True)
    assert nodes.opened(top, []) == ["own"]
    lines, more = nodes.shown(top, ["own"])
    assert [(line.id, len(line.files)) for line in lines] == [("own", 1), (f"{L3}_i2d.fits", 1), ("level-2", 10_000)]
    assert more == 0
    (branch,), _ = nodes.below(top, "level-2")
    assert branch.title.startswith("2,500 Observations")
    kinds, _ = nodes.below(top, branch.id)
    assert [(each.title, each.volume) for each in kinds] == [
        (f"…_{end}.fits × 2,500", "2.5 MB") for end in ("cal", "i2d", "rate", "uncal")
    ]
    files, left = nodes.below(top, kinds[0].id)
    assert (len(files), left) == (500, 2000)


def test_a_document_has_500_rows_at_most() -> None:
    top = nodes.tree(group(L3, _tree(2500)), folded=False)
    lines, more = nodes.shown(top, ["own", "level-2"])
    assert len(lines) == 500
    assert more == 2503 - 500


def test_what_is_ticked_is_each_file_once() -> None:
    top = nodes.tree(group(L3, _tree(3)), folded=True)
    assert len(nodes.picked(top, ["own", f"{L3}_i2d.fits"])) == 1
    assert len(nodes.picked(top, ["level-2"])) == 12
    assert len(nodes.picked(top, ["jw09001001001_02101_00001_nrca1/0"])) == 3
    assert nodes.picked(top, ["nothing"]) == []


def test_a_database_that_was_away_is_not_asked_by_each_request(monkeypatch: pytest.MonkeyPatch) -> None:
    database = Database(lambda: Connection("bolt://127.0.0.1:1", "neo4j", "x"))
    with pytest.raises(DatabaseError, match="No Neo4j answers"), database.open():
        pass
    monkeypatch.setattr("jwgraph.questions.database.Graph", None)
    now = time.monotonic()
    monkeypatch.setattr(time, "monotonic", lambda: now)
    with pytest.raises(DatabaseError, match="No Neo4j answers"), database.open():
        pass


def test_addresses_of_cells() -> None:
    from jwgraph.answers.lineage import LineageRow
    from jwgraph.present.columns import columns_of

    columns = columns_of(LineageRow)
    assert address("productFilename", columns["productFilename"], "a.fits") == "/products/a.fits"
    assert address("association", columns["association"], "a.json;b.json") == ""
    assert address("obs_id", columns["obs_id"], L3) == f"/observations/{L3}"
    assert address("size", columns["size"], 5) == ""


def test_other_commands_do_not_import_the_page() -> None:
    code = "import sys, jwgraph.cli.app as app; app.build(); print({'fastapi', 'uvicorn'} & set(sys.modules))"
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert done.stdout.strip() == "set()"


def test_the_files_of_the_page_are_short() -> None:
    def lines(path: Path) -> int:
        return len(path.read_text(encoding="utf-8").splitlines())

    scripts = sorted((HERE / "static").glob("*.js"))
    assert [path.name for path in scripts] == ["page.js", "select.js", "tree.js"]
    assert sum(map(lines, scripts)) <= 200
    assert lines(HERE / "static" / "site.css") <= 250
    assert {path.name: lines(path) for path in (HERE / "templates").iterdir() if lines(path) > 120} == {}
