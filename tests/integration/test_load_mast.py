"""MAST into the store: with faults on the way the graph is the same, or what is missing is named and can be fetched."""

from __future__ import annotations

from pathlib import Path

import pytest

from jwgraph.answers import lineage, products
from jwgraph.export import datalink
from jwgraph.store.digest import digest
from jwgraph.store.graph import Graph
from jwgraph_loaders.mast import contents
from jwgraph_loaders.mast.live import Associations, Query, Wishes
from jwgraph_loaders.mast.sync import Outcome, sync
from tests.support.mast import reading
from tests.support.mast.contents import built, generated, lists_of
from tests.support.mast.reading import QUERY, QUICK, Serve, program
from tests.support.mast.rows import LEVEL3, POOL, Row, asn_name, linked, observation, real, small
from tests.support.mast.server import Fault, Replay
from tests.support.store import Slate, load_paths

serve = reading.serve
small_batches = reading.small_batches

OBS_ID = "jw05224-o004_s000277031_nirspec_clear-prism"
IMAGE3 = asn_name("image3", 1)
LISTS_ONLY = Wishes(Associations.NONE)


def run(graph: Graph, cache: Path, *queries: Query, wishes: Wishes = reading.EVERYTHING) -> Outcome:
    return sync(graph, queries or (QUERY,), cache=cache, wishes=wishes, policy=QUICK)


@pytest.fixture(autouse=True)
def one_connection(monkeypatch: pytest.MonkeyPatch) -> None:
    """Ask for one file at a time, so that faults by number hit the same one each time."""
    monkeypatch.setattr(contents, "CONNECTIONS", 1)


@pytest.fixture(scope="module")
def whole(slate: Slate, tmp_path_factory: pytest.TempPathFactory) -> str:
    """Return the digest of a program without faults."""
    graph = slate.empty()
    with program() as replay, pytest.MonkeyPatch.context() as patch:
        patch.setenv("JWGRAPH_MAST", replay.url)
        patch.delenv("MAST_API_TOKEN", raising=False)
        run(graph, tmp_path_factory.mktemp("whole"))
    return digest(graph)


# --- faults ---

# Without a token: the search, two batches, and then five files.
REQUESTS = [1, 2, 3, 4, 6, 8]
PASSING = [Fault.SILENT, Fault.ERROR_500, Fault.BUSY_503, Fault.CUT, Fault.BROKEN_JSON, Fault.DUPLICATES]


@pytest.mark.parametrize("number", REQUESTS)
@pytest.mark.parametrize("fault", PASSING)
def test_a_fault_on_the_way_changes_nothing(
    whole: str, graph: Graph, serve: Serve, tmp_path: Path, fault: Fault, number: int
) -> None:
    replay = serve(program(faults={number: fault}))
    outcome = run(graph, tmp_path / "cache")
    assert (outcome.report.rejected, outcome.complete, digest(graph)) == (0, True, whole)
    assert len(replay.seen) == 8 + (fault is not Fault.DUPLICATES)


@pytest.mark.parametrize("fault", [Fault.EXECUTING, Fault.NO_PARENT])
def test_a_fault_of_lists_changes_nothing(whole: str, graph: Graph, serve: Serve, tmp_path: Path, fault: Fault) -> None:
    serve(program(faults={2: fault}))
    assert run(graph, tmp_path / "cache").report.rejected == 0
    assert digest(graph) == whole


@pytest.mark.parametrize("limit", [1, 5, 7])
def test_the_limit_of_rows_changes_nothing(whole: str, graph: Graph, serve: Serve, tmp_path: Path, limit: int) -> None:
    with reading.page_size(limit):
        serve(program())
        run(graph, tmp_path / "cache")
    assert digest(graph) == whole


@pytest.mark.parametrize("first", [3, 5])
def test_what_mast_left_half_done_goes_on_with_the_rest(
    whole: str, graph: Graph, serve: Serve, tmp_path: Path, first: int
) -> None:
    cache = tmp_path / "cache"
    broken = serve(program(faults=dict.fromkeys(range(first, 99), Fault.ERROR_500)))
    outcome = run(graph, cache)
    assert outcome.report.rejected >= 1
    assert not outcome.complete
    assert digest(graph) != whole
    broken.seen.clear()
    broken.faults.clear()
    again = run(graph, cache)
    assert (again.report.rejected, again.complete, digest(graph)) == (0, True, whole)
    assert len(broken.seen) == 9 - first
    assert not list(cache.iterdir())


@pytest.mark.parametrize("fault", [Fault.NOT_FOUND, Fault.FORBIDDEN, Fault.WEB_PAGE, Fault.NO_PROTOCOL, Fault.REDIRECT])
def test_an_association_that_mast_does_not_give(
    whole: str, graph: Graph, serve: Serve, tmp_path: Path, fault: Fault
) -> None:
    replay = serve(program(damaged={IMAGE3: [fault]}, elsewhere="http://127.0.0.1:1/"))
    outcome = run(graph, tmp_path / "cache")
    assert [problem.source for problem in outcome.report.problems] == [IMAGE3]
    assert lineage.lineage(graph, f"{LEVEL3}_i2d.fits", up=True) == []
    # It is asked for again, and nothing else that is loaded.
    replay.seen.clear()
    run(graph, tmp_path / "cache")
    assert replay.files == [IMAGE3]
    assert digest(graph) == whole


# --- the second time ---


def test_again_asks_for_lists_and_for_no_file(whole: str, graph: Graph, serve: Serve, tmp_path: Path) -> None:
    replay = serve(program())
    first = run(graph, tmp_path)
    assert dict(first.changes) == {"new": 15, "reprocessed": 0, "made public": 0, "superseded": 0, "withdrawn": 0}
    assert [len(replay.of("Filtered")), len(replay.of("Products")), len(replay.files)] == [1, 2, 5]
    replay.seen.clear()
    again = run(graph, tmp_path)
    assert [len(replay.of("Filtered")), len(replay.of("Products")), len(replay.files)] == [1, 2, 0]
    assert set(again.changes.values()) == {0}
    assert digest(graph) == whole


@pytest.mark.parametrize("which", list(Associations))
def test_the_same_graph_as_from_disk(graph: Graph, serve: Serve, tmp_path: Path, which: Associations) -> None:
    serve(program())
    run(graph, tmp_path / "cache", wishes=Wishes(which))
    files = tmp_path / "files"
    files.mkdir()
    for name, content in built(linked(3)[1]).items():
        if which is Associations.ALL or (which is Associations.STAGE3 and ("image2" not in name)):
            (files / name).write_bytes(content)
    expected = digest(graph)
    run(graph, tmp_path / "cache", wishes=LISTS_ONLY)
    load_paths(graph, files)
    assert digest(graph) == expected


def test_associations_can_be_read_later(whole: str, graph: Graph, serve: Serve, tmp_path: Path) -> None:
    replay = serve(program())
    for which, files in ((Associations.NONE, 0), (Associations.STAGE3, 2), (Associations.ALL, 3)):
        replay.seen.clear()
        run(graph, tmp_path, wishes=Wishes(which))
        assert len(replay.files) == files
    assert digest(graph) == whole


def test_what_a_level_3_product_was_made_of(graph: Graph, serve: Serve, tmp_path: Path) -> None:
    serve(program())
    run(graph, tmp_path)
    found = {(row.productFilename, row.role) for row in lineage.lineage(graph, f"{LEVEL3}_i2d.fits", up=True)}
    members = {f"jw02733001001_02101_{number:05}_nrca1_cal.fits" for number in (1, 2, 3)}
    assert found >= {(member, "science") for member in members}
    assert {link.semantics for link in datalink.links(graph, LEVEL3)} >= {"#this", "#progenitor"}


# --- keywords ---


def test_keywords_make_a_product_archived_and_give_what_a_header_gives(
    graph: Graph, serve: Serve, tmp_path: Path
) -> None:
    root = "jw02733001001_02101_00001"
    header: Row = {
        "filename": f"{root}_nrca1_cal.fits",
        "fileSetName": root,
        "instrume": "NIRCAM",
        "productLevel": "2b",
    }
    serve(program(keywords=[header | {"cal_ver": "1.13.3", "asntable": asn_name("image2", 1)}]))
    wishes = Wishes(keywords=True)
    run(graph, tmp_path, wishes=wishes)
    row = products.product(graph, f"{root}_nrca1_cal.fits")["properties"]
    assert (row["cal_ver"], row["archived"]) == ("1.13.3", True)
    assert "cal_ver" not in products.product(graph, f"{root}_nrca1_rate.fits")["properties"]
    again = run(graph, tmp_path, wishes=wishes)
    assert set(again.changes.values()) == {0}
    serve(program(keywords=[header | {"cal_ver": "1.14.0", "asntable": asn_name("image2", 1)}]))
    assert run(graph, tmp_path, wishes=wishes).changes["reprocessed"] == 1


# --- real names, and real contents where there are any ---


@pytest.mark.real
def test_real_rows_from_mast_make_the_graph_of_the_list_on_disk(
    graph: Graph, serve: Serve, tmp_path: Path, shared: Path
) -> None:
    observations, listed = real(shared)
    replay = serve(Replay(observations, listed, built(listed)))
    assert run(graph, tmp_path, Query(obs_id=OBS_ID)).report.rejected == 0
    assert len(products.tree(graph, OBS_ID)) == 316
    assert len(products.mrp(graph, OBS_ID)) == 5
    assert graph.read("query/mrp_differences") == []
    assert len(replay.files) == 28
    made_of = lineage.lineage(graph, f"{OBS_ID}_x1d.fits", up=True)
    assert len({row.productFilename for row in made_of if row.productFilename.endswith("_cal.fits")}) == 26


@pytest.mark.real
def test_a_real_pool_and_the_associations_made_of_it(graph: Graph, serve: Serve, tmp_path: Path, shared: Path) -> None:
    files = generated(shared, "jw09505_20251216t202003_pool")
    rows = lists_of(files)
    names = {str(row["obsID"]): row["obs_id"] for row in rows}
    observations = [observation(int(number), obs_id=name, proposal_id="9505") for number, name in names.items()]
    serve(Replay(observations, rows, files))
    wishes = Wishes(Associations.NONE)
    query = Query(program="9505")
    assert run(graph, tmp_path / "cache", query).report.rejected == 0
    from_mast = digest(graph)
    for name, content in files.items():
        (tmp_path / name).write_bytes(content)
    run(graph, tmp_path / "cache", query, wishes=wishes)
    load_paths(graph, *(tmp_path / name for name in files))
    assert digest(graph) == from_mast


def test_small_programs_without_associations_need_no_file(graph: Graph, serve: Serve, tmp_path: Path) -> None:
    replay = serve(Replay(*small(3)))
    assert run(graph, tmp_path).report.records == 15
    assert not replay.files
    assert POOL not in replay.files
