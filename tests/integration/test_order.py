"""Any order, any batch size, any number of workers, any repetition: one graph, one digest."""

from __future__ import annotations

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from jwgraph.model.records import HeaderRecord, PoolRow, ProductRecord, Record
from jwgraph.store.digest import digest
from jwgraph.store.graph import Graph
from tests.support.store import load_records, nodes, wipe
from tests.support.strategies import records

pytestmark = pytest.mark.server_versions


@settings(max_examples=40, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(data=st.data(), one=records)
def test_the_digest_does_not_depend_on_order_batches_workers_or_repetition(
    graph: Graph, data: st.DataObject, one: list[Record]
) -> None:
    wipe(graph)
    load_records(graph, one, batch_size=1000, workers=1)
    first = digest(graph)

    other = data.draw(st.permutations([*one, *data.draw(st.lists(st.sampled_from(one), max_size=4))]))
    cut = data.draw(st.integers(0, len(other)))
    wipe(graph)
    size = data.draw(st.integers(1, 5))
    workers = data.draw(st.integers(1, 3))
    load_records(graph, other[:cut], batch_size=size, workers=workers)
    load_records(graph, other[cut:], batch_size=size, workers=workers)
    assert digest(graph) == first

    load_records(graph, other)
    assert digest(graph) == first


def test_different_graphs_have_different_digests(graph: Graph) -> None:
    seen = set()
    for filename in ("jw02733001001_02101_00001_nrca1_cal.fits", "jw02733001001_02101_00001_nrca1_rate.fits"):
        wipe(graph)
        load_records(graph, [ProductRecord(filename)])
        seen.add(digest(graph))
    load_records(graph, [ProductRecord("jw02733001001_02101_00001_nrca1_cal.fits")])
    seen.add(digest(graph))
    assert len(seen) == 3


def test_a_file_used_as_association_and_as_pool_is_both_however_it_comes(graph: Graph) -> None:
    exposure = "jw02733001001_02101_00001_nrca1"
    uses: list[Record] = [
        HeaderRecord(f"{exposure}_cal.fits", asntable="odd.json"),
        PoolRow("odd.json", f"{exposure}_uncal.fits", "02733"),
    ]
    digests = set()
    for some, size in ((uses, 1000), (uses[::-1], 1000), (uses, 1)):
        wipe(graph)
        load_records(graph, some, workers=1, batch_size=size)
        assert ("odd.json",) in nodes(graph, "Association", "filename") & nodes(graph, "Pool", "filename")
        digests.add(digest(graph))
    assert len(digests) == 1
