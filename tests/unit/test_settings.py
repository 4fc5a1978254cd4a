"""Which server is meant."""

from __future__ import annotations

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
