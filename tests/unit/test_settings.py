"""Which server is meant."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

from jwgraph import settings
from jwgraph.errors import UsageError
from jwgraph.settings import Connection

NAMES = ("NEO4J_URI", "NEO4J_USERNAME", "NEO4J_PASSWORD", "NEO4J_DATABASE")


def given(monkeypatch: pytest.MonkeyPatch, **values: str) -> Connection | None:
    for name in NAMES:
        monkeypatch.delenv(name, raising=False)
    for name, value in values.items():
        monkeypatch.setenv(name, value)
    return settings.from_environment()


def test_nothing_set_is_the_managed_server(monkeypatch: pytest.MonkeyPatch) -> None:
    assert given(monkeypatch) is None


@pytest.mark.parametrize(
    "uri", ["neo4j://h", "neo4j+s://h:7687", "neo4j+ssc://h", "bolt://127.0.0.1:7687", "bolt+s://h"]
)
def test_any_neo4j_address(monkeypatch: pytest.MonkeyPatch, uri: str) -> None:
    assert given(monkeypatch, NEO4J_URI=uri, NEO4J_PASSWORD="p") == Connection(uri, "neo4j", "p", "neo4j")


def test_user_and_database(monkeypatch: pytest.MonkeyPatch) -> None:
    found = given(monkeypatch, NEO4J_URI="bolt://h", NEO4J_PASSWORD="p", NEO4J_USERNAME="ann", NEO4J_DATABASE="jwst")
    assert found == Connection("bolt://h", "ann", "p", "jwst")


@pytest.mark.parametrize(
    ("values", "says"),
    [
        ({"NEO4J_URI": "http://h", "NEO4J_PASSWORD": "p"}, "must be neo4j://HOST"),
        ({"NEO4J_URI": "localhost", "NEO4J_PASSWORD": "p"}, "must be neo4j://HOST"),
        ({"NEO4J_URI": "bolt://a:secret@h", "NEO4J_PASSWORD": "p"}, "must not contain"),
        ({"NEO4J_URI": "ftp://a:secret@h", "NEO4J_PASSWORD": "p"}, "must be neo4j://HOST"),
        ({"NEO4J_URI": "bolt://h"}, "NEO4J_PASSWORD is not"),
    ],
)
def test_what_cannot_be_meant(monkeypatch: pytest.MonkeyPatch, values: dict[str, str], says: str) -> None:
    with pytest.raises(UsageError, match=says) as error:
        given(monkeypatch, **values)
    assert "secret" not in str(error.value)


def test_the_password_never_shows() -> None:
    assert "hunter2" not in repr(Connection("bolt://h", "neo4j", "hunter2"))


def test_the_table_has_every_variable_in_the_sources_and_no_other() -> None:
    package = Path(settings.__file__).parent
    files = [*package.rglob("*.py"), *(package.parent / "loaders").rglob("*.py")]
    text = "\n".join(path.read_text(encoding="utf-8") for path in files)
    # The doctor knows one variable of the tests by its full name.
    named = set(re.findall(r"\b(?:JWGRAPH|NEO4J)_[A-Z0-9]+\b", text)) - {"JWGRAPH_SHARED"}
    table = {variable.name for variable in settings.VARIABLES}
    assert named == {name for name in table if name.startswith(("JWGRAPH_", "NEO4J_"))}
    constants = {each.name: name for name, each in vars(settings).items() if isinstance(each, settings.Variable)}
    assert set(constants) == table
    for name, constant in constants.items():
        read = re.search(rf"\b{constant}\.read\(|environ\.get\({constant}\.name\)|_size\({constant}\)", text)
        assert read or text.count(f'"{name}"') > 1, f"nothing reads {name}"


def test_a_setting_is_read_at_each_call(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    for folder in (tmp_path / "a", tmp_path / "b"):
        monkeypatch.setenv("JWGRAPH_HOME", str(folder))
        monkeypatch.setenv("JWGRAPH_CACHE", str(folder))
        assert settings.home() == settings.cache() == folder
    monkeypatch.setenv("JWGRAPH_HEAP", "2G")
    assert settings.heap() == "2g"
    monkeypatch.setenv("JWGRAPH_HEAP", "")
    assert settings.heap() == "1g"


@pytest.mark.parametrize(
    ("own", "sample"),
    [
        ("/data/jwgraph", "/data/jwgraph-demo"),
        ("/data/jwgraph-demo", "/data/jwgraph-demo"),
        ("/data/here/..", "/data-demo"),
        ("/", "/-demo"),
    ],
)
def test_the_sample_has_a_home_beside_the_own_one(monkeypatch: pytest.MonkeyPatch, own: str, sample: str) -> None:
    monkeypatch.setenv("JWGRAPH_HOME", own)
    assert settings.demo_home() == Path(sample)
