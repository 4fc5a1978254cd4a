"""What a cluster needs: reads with read access, writes to the leader, each after what was seen before, retried.

Community's own routing table has one server for all; what the driver sends is what it would send to a cluster.
"""

from __future__ import annotations

import os
from collections.abc import Callable, Iterator
from dataclasses import replace

import pytest

from jwgraph.adhoc import run as adhoc
from jwgraph.answers import lineage, missing, observations, products, why
from jwgraph.errors import DatabaseError
from jwgraph.settings import Connection
from jwgraph.store import queries
from jwgraph.store.digest import digest
from jwgraph.store.driver import ManagedTransaction
from jwgraph.store.graph import Graph
from tests.support.proxy import proxied
from tests.support.small import L3, records
from tests.support.store import load_records
from tests.support.wire import listening

LOOPBACK = pytest.mark.skipif("JWGRAPH_TEST_IMAGE" in os.environ, reason="a container is not on loopback")
# Bytes of a message that still arrive.
MIDDLE = 30


@pytest.fixture
def routed(graph: Graph, connection: Connection) -> Iterator[Graph]:
    """Return an empty store, connected to as one connects to a cluster."""
    with Graph(replace(connection, uri=connection.uri.replace("bolt://", "neo4j://"))) as through:
        yield through


def written(graph: Graph) -> frozenset[str]:
    """Write something, and return the bookmark of that."""
    with graph.session() as session:
        session.execute_write(lambda tx: tx.run(queries.get("internal/lock").text, holder="test").consume())
        return session.last_bookmarks().raw_values


def test_reads_are_sent_with_read_access_and_writes_to_the_leader(routed: Graph) -> None:
    with listening() as wire:
        load_records(routed, records())
        loaded = len(wire.sent)
        observations.observations(routed)
        products.tree(routed, L3)
        lineage.lineage(routed, f"{L3}_i2d.fits", up=True)
        missing.missing(routed)
        why.why(routed, L3)
        adhoc.run(routed, "MATCH (o:Observation) RETURN o.obs_id")
        digest(routed)
    assert any(sent.writes for sent in wire.sent[:loaded])
    assert [sent for sent in wire.sent if sent.writes and sent.mode != "w"] == []
    # An answer writes nothing, and any server of a cluster may give it.
    assert {(sent.mode, sent.writes) for sent in wire.sent[loaded:]} == {("r", False)}
    asked = {name for sent in wire.sent[loaded:] for name in sent.names}
    assert asked >= {"query/observations", "query/tree", "query/lineage_up", "query/missing", "query/why"}


def test_what_only_reads_within_a_load_is_compared_where_it_is_written(routed: Graph) -> None:
    load_records(routed, records())
    with listening() as wire:
        load_records(routed, records())
    compared = [sent for sent in wire.sent if any("/held_" in name or "/same_" in name for name in sent.names)]
    assert compared
    assert {sent.mode for sent in compared} == {"w"}


def test_the_routing_table_is_asked_for(connection: Connection, routed: Graph) -> None:
    with listening() as wire, Graph(routed.connection) as through:
        through.read("internal/ping")
    assert wire.routes == 1
    with listening() as wire, Graph(connection) as direct:
        direct.read("internal/ping")
    assert wire.routes == 0


CALLS: dict[str, Callable[[Graph], object]] = {
    "read": lambda graph: graph.read("internal/ping"),
    "read_after": lambda graph: graph.read_after(graph.marks, "internal/ping"),
    "read_of_writer": lambda graph: graph.read_of_writer("internal/writers"),
    "marks_now": lambda graph: graph.marks_now(),
    "write": lambda graph: graph.write(lambda tx: tx.run(queries.get("internal/ping").text).consume()),
    "exclusive": lambda graph: _lock(graph),
}
# These are statements alone: what was sent once may have been done, or some of its rows may have been used.
ALONE: dict[str, Callable[[Graph], object]] = {
    "stream": lambda graph: list(graph.stream("internal/nodes")),
    "run": lambda graph: graph.run("internal/await_indexes"),
    "explaining": lambda graph: _explain(graph),
    "adhoc": lambda graph: adhoc.run(graph, "RETURN 1"),
}
MODES = dict.fromkeys((*CALLS, *ALONE), "r") | dict.fromkeys(("read_of_writer", "write", "exclusive", "run"), "w")


def _lock(graph: Graph) -> None:
    with graph.exclusive():
        pass


def _explain(graph: Graph) -> None:
    with graph.explaining() as session:
        session.run("EXPLAIN RETURN 1").consume()


@pytest.mark.parametrize("name", MODES)
def test_each_call_has_its_access_mode_and_comes_after_what_was_written(routed: Graph, name: str) -> None:
    mark = written(routed)
    with listening() as wire:
        (CALLS | ALONE)[name](routed)
    assert {sent.mode for sent in wire.sent} == {MODES[name]}
    assert mark <= wire.sent[0].bookmarks


def test_a_read_comes_after_what_another_read_saw(routed: Graph, connection: Connection) -> None:
    """Without that, a server that is behind would show a program as it was before, or half of its change."""
    # Not the graph of the other tests: after a command like SHOW USERS it also has a bookmark of the system database.
    with Graph(connection) as other:
        mark = written(other)
    assert routed.marks_now() == mark
    with listening() as wire:
        routed.read("internal/ping")
    assert [sent.bookmarks for sent in wire.sent] == [mark]


def test_a_bookmark_that_the_server_no_longer_knows_is_explained(routed: Graph) -> None:
    """A server whose store was restored from a backup does not know its earlier bookmarks."""
    with pytest.raises(DatabaseError, match="does not have what was read from it before"):
        routed.read_after(frozenset({"FB:of-another-server"}), "internal/ping")


@LOOPBACK
@pytest.mark.parametrize("name", MODES)
def test_a_connection_that_was_cut_meanwhile_is_opened_again(graph: Graph, connection: Connection, name: str) -> None:
    with proxied(connection, scheme="neo4j") as (through, proxy), Graph(through) as routed:
        routed.read("internal/ping")
        proxy.cut_all()
        assert proxy.cut
        (CALLS | ALONE)[name](routed)


@LOOPBACK
@pytest.mark.parametrize("name", CALLS)
def test_what_may_be_retried_survives_a_cut_in_the_middle(graph: Graph, connection: Connection, name: str) -> None:
    with proxied(connection, scheme="neo4j") as (through, proxy), Graph(through) as routed:
        routed.read("internal/ping")
        proxy.cut_after(MIDDLE)
        CALLS[name](routed)
        assert proxy.cut == 1


@LOOPBACK
@pytest.mark.parametrize("name", ALONE)
def test_a_statement_alone_says_that_the_connection_was_cut(graph: Graph, connection: Connection, name: str) -> None:
    with proxied(connection, scheme="neo4j") as (through, proxy), Graph(through) as routed:
        routed.read("internal/ping")
        proxy.cut_after(MIDDLE)
        with pytest.raises(DatabaseError, match="was cut off: run the same command again"):
            ALONE[name](routed)
        ALONE[name](routed)


@LOOPBACK
def test_a_transaction_that_is_cut_in_the_middle_is_written_once(graph: Graph, connection: Connection) -> None:
    tries = []
    with proxied(connection, scheme="neo4j") as (through, proxy), Graph(through) as routed, listening() as wire:

        def work(tx: ManagedTransaction) -> None:
            tries.append(1)
            tx.run("CREATE (:Load {id: $number})", number=len(tries)).consume()
            if len(tries) == 1:
                proxy.cut_all()

        routed.write(work)
    with graph.session(read=True) as session:
        found = session.run("MATCH (l:Load) RETURN collect(l.id) AS ids").single(strict=True)["ids"]
    assert (len(tries), found) == (2, [2])
    assert [(sent.mode, sent.ended) for sent in wire.sent if sent.managed] == [("w", "COMMIT"), ("w", "COMMIT")]


@LOOPBACK
def test_a_read_that_is_cut_in_the_middle_is_asked_again(graph: Graph, connection: Connection) -> None:
    load_records(graph, records())
    expected = products.tree(graph, L3)
    with proxied(connection, scheme="neo4j") as (through, proxy), Graph(through) as routed:
        products.tree(routed, L3)
        proxy.cut_after(MIDDLE)
        assert products.tree(routed, L3) == expected
        assert proxy.cut == 1
