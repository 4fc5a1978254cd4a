"""What changed at MAST between two runs of `sync`: removed, renamed, reprocessed and published files."""

from __future__ import annotations

from collections.abc import Iterator
from itertools import count
from pathlib import Path

import pytest

from jwgraph.answers import products
from jwgraph.model.records import Problem, Record
from jwgraph.store.digest import digest
from jwgraph.store.graph import Graph
from jwgraph_loaders.mast import lists
from jwgraph_loaders.mast.live import Query, read_mast
from jwgraph_loaders.mast.sync import Change, stored, sync
from tests.support.mast import reading
from tests.support.mast.contents import built
from tests.support.mast.reading import AT, QUERY, QUICK, Serve, program
from tests.support.mast.rows import LEVEL3, Row, asn_name, linked, product
from tests.support.mast.server import Replay
from tests.support.store import Slate, load_records

serve = reading.serve
small_batches = reading.small_batches

A = "jw02733001001_02101_00001_nrca1"
IMAGE3 = asn_name("image3", 1)
LATER = asn_name("image3", 2, "20240101t000000")


@pytest.fixture(autouse=True)
def clock(small_batches: None, monkeypatch: pytest.MonkeyPatch) -> None:
    """Have each list answered a millisecond after the one before."""
    times = count(AT)
    monkeypatch.setattr(lists, "now", lambda: next(times))


def run(graph: Graph, cache: Path, query: Query = QUERY) -> set[tuple[str, str]]:
    changes: list[Change] = []
    outcome = sync(graph, [query], cache=cache, policy=QUICK, on_change=changes.append)
    assert outcome.complete
    assert outcome.report.rejected == 0
    reported = [change.change for change in changes]
    assert {change: number for change, number in outcome.changes.items() if number} == {
        change: reported.count(change) for change in reported
    }
    return {(change.change, change.productFilename) for change in changes}


def files(graph: Graph, obs_id: str, *, mrp: bool = False) -> set[str]:
    return {row.productFilename for row in products.tree(graph, obs_id, mrp=mrp)}


def without(replay: Replay, *filenames: str) -> None:
    replay.products[:] = [row for row in replay.products if row["productFilename"] not in filenames]


def renamed(replay: Replay, old: str, new: str) -> None:
    for row in replay.products:
        if row["productFilename"] == old:
            row |= {"productFilename": new, "dataURI": f"mast:JWST/product/{new}"}


def test_removed_files_are_withdrawn(graph: Graph, serve: Serve, tmp_path: Path) -> None:
    replay = serve(program())
    run(graph, tmp_path)
    assert f"{A}_uncal.fits" in files(graph, LEVEL3)
    without(replay, f"{A}_uncal.fits", f"{LEVEL3}_i2d.fits")
    assert run(graph, tmp_path) == {("withdrawn", f"{A}_uncal.fits"), ("withdrawn", f"{LEVEL3}_i2d.fits")}
    assert not {f"{A}_uncal.fits", f"{LEVEL3}_i2d.fits"} & files(graph, LEVEL3)
    assert f"{LEVEL3}_i2d.fits" not in files(graph, LEVEL3, mrp=True)
    assert run(graph, tmp_path) == set()


def test_a_file_that_one_list_still_has_is_not_withdrawn(graph: Graph, serve: Serve, tmp_path: Path) -> None:
    replay = serve(program())
    run(graph, tmp_path)
    replay.products[:] = [
        row for row in replay.products if (row["productFilename"], row["parent_obsid"]) != (f"{A}_uncal.fits", "1")
    ]
    assert run(graph, tmp_path) == set()
    assert f"{A}_uncal.fits" in files(graph, LEVEL3)


def test_a_file_that_comes_back(graph: Graph, serve: Serve, tmp_path: Path) -> None:
    replay = serve(program())
    run(graph, tmp_path)
    before = digest(graph)
    every = list(replay.products)
    without(replay, f"{A}_uncal.fits")
    run(graph, tmp_path)
    assert digest(graph) != before
    replay.products[:] = every
    run(graph, tmp_path)
    assert digest(graph) == before


def test_reprocessed_and_published_files(graph: Graph, serve: Serve, tmp_path: Path) -> None:
    replay = serve(program())
    old: Row = {"prvversion": "1.9.2", "dataRights": "EXCLUSIVE_ACCESS"}
    replay.products[:] = [row | old for row in replay.products]
    run(graph, tmp_path)
    for row in replay.products:
        if row["productFilename"] == f"{A}_cal.fits":
            row["prvversion"] = "1.13.3"
        if row["productFilename"] == f"{A}_rate.fits":
            row["dataRights"] = "PUBLIC"
    assert run(graph, tmp_path) == {("reprocessed", f"{A}_cal.fits"), ("made public", f"{A}_rate.fits")}
    assert run(graph, tmp_path) == set()


def test_a_program_that_was_processed_again(graph: Graph, serve: Serve, tmp_path: Path) -> None:
    """MAST lists the new association and no longer the old one, and keeps the names of the products."""
    replay = serve(program())
    run(graph, tmp_path)
    renamed(replay, IMAGE3, LATER)
    replay.contents = built(replay.products)
    replay.seen.clear()
    assert run(graph, tmp_path) == {("new", LATER), ("superseded", IMAGE3), ("withdrawn", IMAGE3)}
    assert replay.files == [LATER], "what is loaded is not fetched again"
    assert IMAGE3 not in files(graph, LEVEL3)
    assert LATER in files(graph, LEVEL3)


def test_a_renamed_observation(graph: Graph, serve: Serve, tmp_path: Path) -> None:
    """The search of the program no longer finds the old one: its list is asked for, and is empty."""
    replay = serve(program())
    run(graph, tmp_path)
    new = LEVEL3.replace("t001", "t002")
    old_number = 100
    replay.observations[-1] |= {"obs_id": new, "obsid": "200"}
    for row in replay.products:
        if row["parent_obsid"] == str(old_number):
            row["parent_obsid"] = "200"
        if row["obsID"] == str(old_number):
            row |= {"obsID": "200", "obs_id": new}
    renamed(replay, f"{LEVEL3}_i2d.fits", f"{new}_i2d.fits")
    replay.seen.clear()
    assert run(graph, tmp_path) == {("new", f"{new}_i2d.fits"), ("withdrawn", f"{LEVEL3}_i2d.fits")}
    assert [seen.obsids for seen in replay.of("Products")] == [(1, 2), (3, 200), (old_number,)]
    assert f"{LEVEL3}_i2d.fits" not in files(graph, LEVEL3)
    assert f"{new}_i2d.fits" in files(graph, new)


def test_a_search_of_part_of_the_program_withdraws_nothing_else(graph: Graph, serve: Serve, tmp_path: Path) -> None:
    replay = serve(program())
    run(graph, tmp_path)
    before = digest(graph)
    without(replay, f"{LEVEL3}_i2d.fits")
    assert run(graph, tmp_path, Query(obs_id=A)) == set()
    assert digest(graph) == before


def read(replay: Replay, cache: Path) -> Iterator[Record | Problem]:
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("JWGRAPH_MAST", replay.url)
        return iter(list(read_mast([QUERY], cache=cache, progress=lambda _text: None, policy=QUICK)))


@pytest.mark.parametrize("harm", ["removed", "renamed", "emptied"])
def test_the_lists_in_any_order_give_the_same_graph(slate: Slate, serve: Serve, tmp_path: Path, harm: str) -> None:
    replay = serve(program())
    first = list(read(replay, tmp_path / "first"))
    if harm == "removed":
        without(replay, f"{A}_cal.fits", f"{LEVEL3}_i2d.fits")
    elif harm == "renamed":
        renamed(replay, IMAGE3, LATER)
        replay.contents = built(replay.products)
    else:
        replay.products[:] = [row for row in linked(3)[1] if row["parent_obsid"] == "1"]
    second = list(read(replay, tmp_path / "second"))
    without(replay, f"{A}_rate.fits")
    replay.products.append(product(1, "dark"))
    third = list(read(replay, tmp_path / "third"))
    found = set()
    for order in ([first, second, third], [third, second, first], [second, first, third], [third, first, second]):
        graph = slate.empty()
        for records in order:
            load_records(graph, [record for record in records if not isinstance(record, Problem)])
        found.add(digest(graph))
    assert len(found) == 1


def test_what_the_store_has(graph: Graph, serve: Serve, tmp_path: Path) -> None:
    serve(program())
    run(graph, tmp_path)
    has = stored(graph)
    names = list(built(linked(3)[1]))
    assert set(has.loaded([*names, "none.json"])) == set(names)
    assert has.listed("02733")[100] == LEVEL3
    assert has.listed("09999") == {}
