"""What the driver raises becomes one sentence, which says what to do."""

from __future__ import annotations

import pytest

from jwgraph.errors import DatabaseError
from jwgraph.settings import Connection
from jwgraph.store.driver import ConfigurationError, DriverError, ServiceUnavailable, SessionExpired
from jwgraph.store.driver import WriteServiceUnavailable as NoLeader
from jwgraph.store.failures import clear_errors
from jwgraph.store.graph import Graph

CLUSTER = Connection("neo4j://cluster.example", "neo4j", "", "neo4j")


@pytest.mark.parametrize(
    ("raised", "sentence"),
    [
        (NoLeader("w"), r"No server of the cluster at neo4j://cluster\.example takes writes now: run the same command"),
        (SessionExpired("s"), r"The connection to neo4j://cluster\.example was cut off: run the same command again\."),
        (ServiceUnavailable("s"), r"No Neo4j answers at neo4j://cluster\.example\. Check NEO4J_URI"),
        (
            ConfigurationError("no\nscheme"),
            r"neo4j://cluster\.example is not a valid Neo4j address \(no\)\. Check NEO4J_URI",
        ),
    ],
)
def test_each_error_is_one_line(raised: DriverError, sentence: str) -> None:
    with pytest.raises(DatabaseError, match=sentence) as found, clear_errors(CLUSTER):
        raise raised
    assert "\n" not in str(found.value)


def test_our_own_mistakes_are_not_hidden() -> None:
    with pytest.raises(DriverError, match="unknown"), clear_errors(CLUSTER):
        raise DriverError("unknown")


def test_an_invalid_address_is_refused_with_the_reason() -> None:
    with pytest.raises(
        DatabaseError, match=r"foo://there is not a valid Neo4j address \(URI scheme 'foo' is not supported"
    ):
        Graph(Connection("foo://there", "neo4j", ""))
