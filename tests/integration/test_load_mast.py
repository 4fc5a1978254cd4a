"""Live MAST into the store: with faults on the way, the graph is the same, or the load can be gone on with."""

from __future__ import annotations

from pathlib import Path

import pytest

from jwgraph.answers import products
from jwgraph.store.digest import digest
from jwgraph.store.graph import Graph
from jwgraph_loaders.mast.live import Query, finished, read_mast
from jwgraph_loaders.write.writer import Report, load
from tests.support.cli import jwgraph
from tests.support.mast import reading
from tests.support.mast.reading import QUERY, QUICK, Serve
from tests.support.mast.rows import real, small
from tests.support.mast.server import Fault, Replay
from tests.support.store import Slate

serve = reading.serve
small_batches = reading.small_batches
OBS_ID = "jw05224-o004_s000277031_nirspec_clear-prism"


def load_mast(graph: Graph, cache: Path, query: Query = QUERY) -> Report:
    records = read_mast([query], cache=cache, progress=lambda _text: None, policy=QUICK)
    report = load(graph, records)
    finished(cache, [query])
    return report


@pytest.fixture(scope="module")
def whole(slate: Slate, tmp_path_factory: pytest.TempPathFactory) -> str:
    """Return the digest of a load without faults."""
    graph = slate.empty()
    with Replay(*small(6)) as replay, pytest.MonkeyPatch.context() as patch:
        patch.setenv("JWGRAPH_MAST", replay.url)
        load_mast(graph, tmp_path_factory.mktemp("whole"))
    return digest(graph)


@pytest.mark.parametrize("number", [2, 4, 5])
@pytest.mark.parametrize(
    "fault",
    [
        Fault.SILENT,
        Fault.ERROR_500,
        Fault.BUSY_503,
        Fault.CUT,
        Fault.BROKEN_JSON,
        Fault.EXECUTING,
        Fault.DUPLICATES,
        Fault.NO_PARENT,
    ],
)
def test_a_fault_on_the_way_changes_nothing(
    whole: str, graph: Graph, serve: Serve, tmp_path: Path, fault: Fault, number: int
) -> None:
    serve(Replay(*small(6), faults={number: fault}))
    report = load_mast(graph, tmp_path / "cache")
    assert (report.rejected, digest(graph)) == (0, whole)


@pytest.mark.parametrize("limit", [1, 3, 7])
def test_the_limit_of_rows_changes_nothing(whole: str, graph: Graph, serve: Serve, tmp_path: Path, limit: int) -> None:
    with reading.page_size(limit):
        serve(Replay(*small(6)))
        load_mast(graph, tmp_path / "cache")
    assert digest(graph) == whole


def test_a_load_that_mast_left_half_done_goes_on_with_the_rest(
    whole: str, graph: Graph, serve: Serve, tmp_path: Path
) -> None:
    cache = tmp_path / "cache"
    broken = serve(Replay(*small(6), faults=dict.fromkeys(range(4, 9), Fault.ERROR_500)))
    report = load_mast(graph, cache)
    assert report.rejected >= 1
    assert digest(graph) != whole
    asked = len(broken.of("Products"))
    broken.faults.clear()
    assert load_mast(graph, cache).rejected == 0
    assert digest(graph) == whole
    assert len(broken.of("Products")) - asked < 3
    assert not list(cache.iterdir())


@pytest.mark.real
def test_real_rows_from_mast_make_the_graph_of_the_list_on_disk(
    graph: Graph, serve: Serve, tmp_path: Path, shared: Path
) -> None:
    serve(Replay(*real(shared)))
    load_mast(graph, tmp_path, Query(obs_id=OBS_ID))
    assert len(products.tree(graph, OBS_ID)) == 316
    assert len(products.mrp(graph, OBS_ID)) == 5
    assert graph.read("query/mrp_differences") == []


def test_the_command_loads_from_mast(graph: Graph, environment: Path, serve: Serve, tmp_path: Path) -> None:
    replay = serve(Replay(*small(3), token="secret"))
    cache = {"JWGRAPH_CACHE": str(tmp_path), "MAST_API_TOKEN": "secret"}
    done = jwgraph("load", "mast", "--program", "2733", "--format", "csv", **cache)
    assert done.returncode == 0, done.stderr
    assert "records,read,12" in done.stdout
    assert "secret" not in done.stdout + done.stderr
    assert {seen.cookie for seen in replay.seen if seen.service} == {"mast_token=secret"}
    assert not list((tmp_path / "mast").iterdir())


def test_mast_answers_with_a_web_page(graph: Graph, environment: Path, serve: Serve, tmp_path: Path) -> None:
    serve(Replay(*small(3), faults=dict.fromkeys(range(1, 99), Fault.WEB_PAGE)))
    done = jwgraph("load", "mast", "--program", "2733", JWGRAPH_CACHE=str(tmp_path))
    assert done.returncode == 6
    assert "web page" in done.stderr.splitlines()[-1]


@pytest.mark.parametrize(
    ("arguments", "code", "sentence"),
    [
        (("mast",), 2, "Choose what to load from MAST: --program, --obs-id, --target or --observed-since."),
        (("README.md", "--program", "2733"), 2, "work with `jwgraph load mast`, not with files"),
        (("mast", "--program", "9999"), 3, "MAST has no JWST Observation with"),
        (("mast", "--program", "banana"), 2, "program"),
        (("mast", "--observed-since", "yesterday"), 2, "is no date"),
    ],
)
def test_what_cannot_be_asked(
    environment: Path, serve: Serve, tmp_path: Path, arguments: tuple[str, ...], code: int, sentence: str
) -> None:
    serve(Replay(*small(3)))
    done = jwgraph("load", *arguments, JWGRAPH_CACHE=str(tmp_path))
    assert done.returncode == code, done.stderr
    assert sentence in done.stderr
