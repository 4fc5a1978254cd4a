"""A connection is cut within a load: it goes on, or fails with one sentence; loaded again, the graph is right."""

from __future__ import annotations

import os
from pathlib import Path

import pytest

from jwgraph.settings import Connection
from jwgraph.store.digest import digest
from jwgraph.store.graph import Graph
from tests.support.phases import load
from tests.support.programs import about, associations, part, state, write
from tests.support.proxy import proxied
from tests.support.readers import Readers
from tests.support.store import load_paths, wipe

PROGRAM = "10000"
# Of the bytes that a load sends: the first are its schema and marks, the last its derivation.
SHARES = (0.1, 0.3, 0.5, 0.7, 0.8, 0.9, 0.97)
# Whether all connections are cut, or the one that sends; and the scheme of the address.
WAYS = ((False, "bolt"), (True, "bolt"), (False, "neo4j"))
SOME = ((0.5, False, "bolt"), (0.9, True, "bolt"), (0.9, False, "neo4j"))
CUTS = [(share, *way) for share in SHARES for way in WAYS] if "JWGRAPH_FAULTS" in os.environ else SOME


@pytest.mark.skipif("JWGRAPH_TEST_IMAGE" in os.environ, reason="a container is not on loopback")
def test_a_connection_that_is_cut_changes_nothing_in_the_end(
    graph: Graph, connection: Connection, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    first = part(tmp_path / "part.csv", PROGRAM)
    then = [write(tmp_path / "all.csv", PROGRAM), associations(tmp_path / "associations", PROGRAM)]
    asked = about(PROGRAM)
    load_paths(graph, first)
    before = state(graph, asked)
    with proxied(connection) as (through, proxy):
        assert load(through, "--batch-size", "50", *then) == (0, "")
        sent = proxy.sent
    whole, after = digest(graph), state(graph, asked)
    ends = set()
    for share, all_of_them, scheme in CUTS:
        wipe(graph)
        load_paths(graph, first)
        with Readers(connection, asked) as readers:
            with proxied(connection, int(share * sent), all_of_them=all_of_them, scheme=scheme) as (through, proxy):
                code, said = load(through, "--batch-size", "50", *then)
            assert (proxy.cut > 1) == all_of_them
            found = digest(graph) if code == 0 else ""
            again = load(connection, "--batch-size", "50", *then)
            readers.wait_for(2)
        with capsys.disabled():
            print(f"\n{scheme}, {share:.0%} of {sent:,} bytes, {proxy.cut} cut: exit {code} {said.strip()}", end="")
        ends.add(code)
        assert code == 0 or (code == 4 and said.count("\n") == 1 and said.startswith("jwgraph: ")), (code, said)
        assert found in ("", whole)
        assert again == (0, "")
        assert digest(graph) == whole
        assert (readers.failed, readers.wrong(before, after)) == ([], {})
    # Where the write lock was cut as well, the load says so and stops.
    assert 4 in ends
