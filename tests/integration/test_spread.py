"""A load whose files many processes read: the same graph, the same problems, whoever reads and whoever dies."""

from __future__ import annotations

import json
from collections import Counter
from collections.abc import Iterator
from pathlib import Path

import pytest

from jwgraph.errors import SourceError
from jwgraph.model.records import Problem, ProductRecord, ReferenceRecord
from jwgraph.store.digest import digest
from jwgraph.store.graph import Graph
from jwgraph_loaders.spread.executors import dask, processes
from jwgraph_loaders.spread.spread import pieces, spread
from jwgraph_loaders.write.writer import Prepared, load
from tests.support.cli import jwgraph, process
from tests.support.spreading import Cluster, cluster
from tests.support.store import Slate, edges, load_paths, nodes

pytestmark = pytest.mark.real

REAL = ("mast", "headers", "associations/real", "pools/jw87800_20180412T163456_pool.csv")


@pytest.fixture(scope="module")
def paths(shared: Path) -> list[str]:
    return [str(shared / name) for name in REAL]


@pytest.fixture(scope="module")
def whole(slate: Slate, paths: list[str]) -> tuple[str, Counter[str], Counter[str], int]:
    """Return what an ordinary load gives: digest, nodes, problems, records."""
    graph = slate.empty()
    report = load_paths(graph, *map(Path, paths))
    return digest(graph), report.nodes, report.severities, report.records


@pytest.fixture(scope="module")
def scheduler(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Cluster]:
    with cluster(tmp_path_factory.mktemp("scheduler")) as made:
        yield made


def test_processes_load_the_same(
    graph: Graph, paths: list[str], whole: tuple[str, Counter[str], Counter[str], int], tmp_path: Path
) -> None:
    said: list[str] = []
    with spread(pieces(paths, most=20), processes(2), str(tmp_path), progress=said.append) as found:
        report = load(graph, found.records, prepared=found.prepared)
    assert (digest(graph), report.nodes, report.severities, report.records) == whole
    assert said[0].startswith("reading: 0 of ")
    assert any(text.startswith("merging: ") and "the last: merge program 0" in text for text in said)
    assert list(tmp_path.iterdir()) == []


def test_dask_loads_the_same_where_a_worker_is_killed(
    graph: Graph,
    environment: Path,
    paths: list[str],
    whole: tuple[str, Counter[str], Counter[str], int],
    scheduler: Cluster,
    tmp_path: Path,
) -> None:
    """Both workers first, then one of them, which the other outlives."""
    command = ["load", *paths, "--dask", scheduler.address, "--parts", str(tmp_path), "--format", "json"]
    done = jwgraph(*command)
    assert (done.returncode, digest(graph)) == (6, whole[0])
    assert list(scheduler.begun().values()) == [1]

    lost: set[str] = set()

    def kill(text: str) -> None:
        if text.startswith("reading: 2 of "):
            lost.update(scheduler.kill_a_busy_worker())

    with spread(pieces(paths, most=3), dask(scheduler.address), f"file://{tmp_path}", progress=kill) as found:
        report = load(graph, found.records, prepared=found.prepared)
    assert (digest(graph), report.severities, report.records) == (whole[0], *whole[2:])
    assert report.nodes == report.edges == Counter()
    begun = scheduler.begun()
    assert {name.split("-")[0] for name in begun} == {"read", "merge"}
    assert any(name.startswith("merge-program-02221-") for name in begun)
    assert any(name.startswith("read-exposure_file_pairs.csv-and-2-more-") for name in begun)
    again = {name for name, times in begun.items() if times > 1}
    assert again
    assert again <= lost
    assert len(lost) < len(pieces(paths, most=3)) / 2


def test_bad_sources_are_the_same_problems(graph: Graph, environment: Path, tmp_path: Path) -> None:
    bad = tmp_path / "bad"
    bad.mkdir()
    (bad / "a.csv").write_text("productFilename,obs_collection\njw1_cal.fits,HST\njw2_cal.fits,JWST\n")
    (bad / "b.bin").write_bytes(b"\0\0")
    (bad / "c").symlink_to("/nowhere")
    (bad / "d_asn.json").write_text('{"asn_type": "image3", "products": []}')
    done = []
    for options in ([], ["--processes", "2"], ["--dask", "local", "--processes", "1"]):
        report = tmp_path / "report.jsonl"
        rejects = tmp_path / "rejects.jsonl"
        command = ["-q", "load", str(bad), "--report", str(report), "--rejects", str(rejects), *options]
        made = process(*command)
        found = [json.loads(line) for path in (report, rejects) for line in path.read_text().splitlines()]
        done.append((made.returncode, made.stderr, made.stdout.replace("new nodes,Product,1\n", ""), found))
    assert done[0][0] == 6
    assert len(done[0][3]) == 8
    assert done[1] == done[2]
    assert (done[1][0], done[1][1], done[1][3]) == (done[0][0], done[0][1], done[0][3])


def test_a_part_that_is_damaged_ends_the_load_with_one_sentence(graph: Graph, tmp_path: Path) -> None:
    (tmp_path / "names.txt").write_text("# names\njw02733001001_02101_00001_nrca1_cal.fits\n")
    with spread(pieces([str(tmp_path / "names.txt")]), processes(1), str(tmp_path)) as found:
        (folder,) = tmp_path.glob("jwgraph-*")
        for part in folder.iterdir():
            part.write_bytes(part.read_bytes().replace(b"jw02733", b"jw02734"))
        with pytest.raises(SourceError, match=r"is damaged: run the same command again\.$"):
            load(graph, found.records, prepared=found.prepared)
    assert nodes(graph, "Product", "filename") == set()


def test_what_programs_share_is_there_before_their_records(graph: Graph) -> None:
    prepared = Prepared(7, ["crds://a.fits", "crds://b.fits"], [("01111", "02733")])
    seen: list[tuple[set[tuple[str, ...]], ...]] = []

    def records() -> Iterator[ProductRecord | ReferenceRecord | Problem]:
        seen.append((nodes(graph, "ReferenceFile", "name"), edges(graph, "SHARES_WITH")))
        yield ReferenceRecord("jw02733001001_02101_00001_nrca1_cal.fits", "R_FLAT", "crds://b.fits")

    report = load(graph, records(), prepared=prepared)
    assert seen == [({("crds://a.fits",), ("crds://b.fits",)}, {("01111", "02733")})]
    assert (report.records, report.nodes["ReferenceFile"]) == (7, 2)


@pytest.mark.parametrize(
    ("options", "sentence"),
    [
        (["--parts", "x"], "--parts is for files that other processes read: give --processes or --dask too."),
        (["--dask", "tcp://127.0.0.1:9"], "hand over what they read in a place that all of them share: name it with"),
        (["--dask", "tcp://127.0.0.1:9", "--processes", "2"], "the workers of a scheduler are those that it has"),
    ],
)
def test_options_that_do_not_go_together(tmp_path: Path, options: list[str], sentence: str) -> None:
    done = jwgraph("load", str(tmp_path), *options)
    assert done.returncode == 2
    assert sentence in done.stderr
    assert done.stderr.count("\n") == 1
