"""Records as lines, parts by their content, and processes that run what is asked of them."""

from __future__ import annotations

import os
import time
from collections.abc import Iterator
from contextlib import nullcontext
from dataclasses import asdict
from pathlib import Path

import pytest
from hypothesis import given

from jwgraph._version import __version__
from jwgraph.errors import SourceError, UsageError
from jwgraph.model.records import (
    AssociationRecord,
    HeaderRecord,
    ObservationRecord,
    PoolRow,
    Problem,
    ProductRecord,
    Record,
    ReferenceRecord,
)
from jwgraph_loaders.find.read import SourceReport, read_all
from jwgraph_loaders.spread import spread as spreading
from jwgraph_loaders.spread import work
from jwgraph_loaders.spread.executors import Executor, Job, dask, processes
from jwgraph_loaders.spread.lines import Logged, line_of, records_of
from jwgraph_loaders.spread.parts import Manifest, Part, Parts, own_parts
from jwgraph_loaders.spread.spread import pieces, spread
from tests.support.builders import asn
from tests.support.spreading import cluster, die, die_once, double, refuse
from tests.support.strategies import records

LINES = [b'["a","A",[]]', b'["b","B",[]]']


@given(records)
def test_a_line_gives_the_record_that_it_was_made_of(some: list[Record]) -> None:
    assert list(records_of([line_of(record) for record in some])) == some


def test_all_about_a_file_is_together_before_what_names_it() -> None:
    exposure = "jw02733001001_02101_00001_nrca1_cal.fits"
    some: list[tuple[Record, str]] = [
        (asn("jw02733-o001_asn.json", "image3", {"jw02733-o001": {exposure: "science"}}), "jw02733-o001_asn.json"),
        (ReferenceRecord(exposure, "R_FLAT", "crds://a.fits"), exposure),
        (ProductRecord("jw02733001001_02101_00002_nrca1_cal.fits"), "jw02733001001_02101_00002_nrca1_cal.fits"),
        (ProductRecord(exposure), exposure),
    ]
    ordered = list(records_of(sorted(line_of(*each) for each in some)))
    assert ordered == [some[3][0], some[1][0], some[2][0], some[0][0]]


def test_problems_and_reports_are_lines_too() -> None:
    log: list[Logged] = [Problem("a.csv", 3, "it is \udcff", "warning", "é\n"), SourceReport("a.csv", None, 0, 1, "no")]
    lines = [line_of(each) for each in log]
    assert list(records_of(lines)) == log
    assert all(b"\n" not in line for line in lines)


@pytest.mark.real
def test_every_real_record_is_the_same_behind_a_line(shared: Path) -> None:
    found = [each for each in read_all([str(shared)])[0] if not isinstance(each, Problem)]
    assert {type(record) for record in found} >= {
        AssociationRecord,
        HeaderRecord,
        ObservationRecord,
        PoolRow,
        ProductRecord,
    }
    assert list(records_of([line_of(record) for record in found])) == found


@pytest.fixture(params=["", "file://"])
def parts(tmp_path: Path, request: pytest.FixtureRequest) -> Iterator[Parts]:
    with own_parts(f"{request.param}{tmp_path}/parts") as made:
        yield made


def _path(parts: Parts, part: Part) -> Path:
    return Path(parts.where.removeprefix("file://")) / part.sha256


def test_a_part_is_named_by_its_content(parts: Parts) -> None:
    part = parts.write(LINES)
    assert parts.write(LINES) == part
    assert (part.rows, parts.read(part)) == (2, LINES)
    assert [path.name for path in _path(parts, part).parent.iterdir()] == [part.sha256]


def test_a_missing_or_damaged_part_is_one_sentence(parts: Parts) -> None:
    part = parts.write(LINES)
    _path(parts, part).write_bytes(b'["a","A",[]]\n["c","B",[]]')
    with pytest.raises(SourceError, match=rf"^The part .*{part.sha256} is damaged: run the same command again\.$"):
        parts.read(part)
    _path(parts, part).unlink()
    with pytest.raises(SourceError, match=rf"^The part .*{part.sha256} is missing: run the same command again\.$"):
        parts.read(part)


def test_the_manifest_is_read_as_it_was_written(parts: Parts) -> None:
    part = parts.write(LINES)
    manifest = Manifest(3, [part], {"": [part], "02733": [part, part]}, ["crds://a.fits"], [("01111", "02733")])
    parts.finish(manifest)
    assert asdict(parts.manifest()) == asdict(manifest)


@pytest.mark.parametrize("scheme", ["", "file://"])
def test_parts_are_removed_at_the_end(tmp_path: Path, scheme: str) -> None:
    with own_parts(f"{scheme}{tmp_path}") as one, own_parts(f"{scheme}{tmp_path}") as other:
        one.write(LINES)
        other.write(LINES)
        assert len(list(tmp_path.iterdir())) == 2
    assert list(tmp_path.iterdir()) == []


@pytest.mark.parametrize("where", ["{file}", "file://{file}", "nowhere://bucket"])
def test_a_place_that_cannot_have_parts_is_one_sentence(tmp_path: Path, where: str) -> None:
    file = tmp_path / "file"
    file.touch()
    with pytest.raises(UsageError, match=r"cannot be used for parts: .*[^.]\.$"), own_parts(where.format(file=file)):
        pass


def test_parts_that_a_worker_cannot_write_are_one_sentence(tmp_path: Path) -> None:
    with pytest.raises(UsageError, match=r"/nothing cannot be written on .* \(No such file or directory\): parts must"):
        Parts(f"{tmp_path}/nothing").write(LINES)


def test_merged_parts_have_each_line_once_in_order(parts: Parts, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(work, "ROWS", 3)
    lines = [b"[%d]" % number for number in range(8)]
    some = [parts.write(lines[:5]), parts.write(lines[3:]), parts.write(lines[2:4])]
    merged = work.merge(some, parts.where)
    assert [part.rows for part in merged] == [3, 3, 2]
    assert [line for part in merged for line in parts.read(part)] == lines


def test_pieces_have_all_files_in_order(tmp_path: Path) -> None:
    for name in "abcdefg":
        (tmp_path / name).write_text("x")
    (tmp_path / "c.link").symlink_to("/nowhere")
    found = pieces([str(tmp_path), str(tmp_path / "a")], most=3)
    assert [len(piece) for piece in found] == [3, 3, 3]
    names = [each.name if not isinstance(each, Problem) else each.source for piece in found for each in piece]
    assert [Path(name).name for name in names] == ["a", "b", "c", "c.link", "d", "e", "f", "g", "a"]


def test_large_files_are_pieces_of_their_own_but_not_for_their_images(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(spreading, "BYTES", 200_000)
    for name in ("1.csv", "2.csv", "3.fits", "4.fits"):
        (tmp_path / name).write_bytes(b"x" * 150_000)
    assert [len(piece) for piece in pieces([str(tmp_path)])] == [1, 1, 2]


def test_what_can_be_read_once_is_refused(tmp_path: Path) -> None:
    os.mkfifo(tmp_path / "pipe")
    for path in ("-", str(tmp_path / "pipe")):
        with pytest.raises(UsageError, match="can be read by one process only: name files or folders"):
            pieces([path])
    # A pipe in a folder is rejected, as it always is.
    assert len(pieces([str(tmp_path)])[0]) == 1
    with pytest.raises(UsageError, match="There is no file or folder"):
        pieces([str(tmp_path / "nothing")])


@pytest.fixture(scope="module")
def executor() -> Iterator[Executor]:
    with processes(2) as made:
        yield made


def test_processes_give_each_result_with_its_place(executor: Executor) -> None:
    jobs = [Job(f"double {number}", double, (number,)) for number in range(20)]
    assert dict(executor.run(jobs)) == {number: 2 * number for number in range(20)}
    assert dict(executor.run([])) == {}


def test_what_a_job_raises_is_raised(executor: Executor) -> None:
    with pytest.raises(SourceError, match=r"^number 7 is refused$"):
        list(executor.run([Job("refuse", refuse, (7,))]))


def test_a_process_that_dies_costs_what_it_did(executor: Executor, tmp_path: Path) -> None:
    jobs = [Job("double 1", double, (1,)), Job("die", die_once, (tmp_path / "mark",)), Job("double 2", double, (2,))]
    assert dict(executor.run(jobs)) == {0: 2, 1: "done", 2: 4}


def test_a_process_that_dies_again_and_again_is_one_sentence(executor: Executor, tmp_path: Path) -> None:
    with pytest.raises(SourceError, match=r"^read big\.csv: the process that ran it died 4 times; it may need more"):
        list(executor.run([Job("read big.csv", die, (1,))]))
    jobs = [Job(f"read {number}.csv", die, (number,)) for number in range(3)]
    with pytest.raises(SourceError, match=r"^read 0\.csv or one of 2 others: the process that ran it died 4 times"):
        list(executor.run(jobs))
    # Deaths count while nothing else is done.
    dying = [Job("die", die_once, (tmp_path / str(number),)) for number in range(6)]
    assert list(dict(executor.run(dying)).values()) == ["done"] * 6


def test_a_scheduler_that_does_not_answer_is_one_sentence(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("jwgraph_loaders.spread.executors._CONNECT", 1)
    with (
        pytest.raises(UsageError, match=r"^No Dask scheduler answers at tcp://127\.0\.0\.1:9: "),
        dask("tcp://127.0.0.1:9"),
    ):
        pass
    with pytest.raises(UsageError, match=r"^No Dask scheduler answers at nowhere://: "), dask("nowhere://"):
        pass


def test_dask_gives_results_and_says_what_kills_its_workers() -> None:
    said: list[str] = []
    with dask("local", 1, said.append) as made:
        assert dict(made.run([Job("double 1", double, (1,)), Job("double 2", double, (2,))])) == {0: 2, 1: 4}
        with pytest.raises(SourceError, match=r"^number 7 is refused$"):
            list(made.run([Job("refuse", refuse, (7,))]))
        with pytest.raises(SourceError, match=r"^read-big.csv-.*: the process that ran it died 4 times; it may need"):
            list(made.run([Job("read big.csv", die, (1,))]))


def test_a_scheduler_that_is_lost_is_one_sentence(tmp_path: Path, capfd: pytest.CaptureFixture[str]) -> None:
    with cluster(tmp_path) as found, dask(found.address) as made:
        results = made.run([Job(f"sleep {number}", time.sleep, (1,)) for number in range(9)])
        next(results)
        found.kill()
        with pytest.raises(SourceError, match=r"^Dask at tcp://.*: .* scheduler-connection-lost; run the same command"):
            list(results)
    assert "Traceback" not in capfd.readouterr().err


@pytest.mark.real
def test_processes_read_what_one_process_reads(executor: Executor, shared: Path, tmp_path: Path) -> None:
    paths = [str(shared / name) for name in ("mast", "pools", "headers", "associations/real", "names")]
    bad = tmp_path / "bad"
    bad.mkdir()
    (bad / "a.csv").write_text("productFilename,obs_collection\njw1_cal.fits,HST\n")
    (bad / "b.bin").write_bytes(b"\0\0")
    (bad / "c").symlink_to("/nowhere")
    reports: dict[str, list[SourceReport]] = {"here": [], "there": []}
    found, counts = read_all([*paths, str(bad)], on_source=reports["here"].append)
    here = list(found)

    with spread(pieces([*paths, str(bad)], most=10), nullcontext(executor), on_source=reports["there"].append) as made:
        there = list(made.records)
    assert [each for each in there if isinstance(each, Problem)] == [each for each in here if isinstance(each, Problem)]
    assert reports["there"] == reports["here"]
    assert made.sources == counts
    assert made.prepared is not None
    assert made.prepared.records == sum(not isinstance(each, Problem) for each in here)
    lines = {line_of(each) for each in here if not isinstance(each, Problem)}
    assert sorted(line_of(each) for each in there if not isinstance(each, Problem)) == sorted(lines)


def test_a_worker_of_another_version_or_without_the_files_is_one_sentence(tmp_path: Path) -> None:
    with pytest.raises(UsageError, match=r"^The worker on .* has jwgraph .*, and this is 0.0: install the same"):
        work.read([], str(tmp_path), "0.0")
    (tmp_path / "folder").mkdir()
    (tmp_path / "folder" / "a.csv").touch()
    (piece,) = pieces([str(tmp_path / "folder")])
    (tmp_path / "folder" / "a.csv").unlink()
    (tmp_path / "folder").rmdir()
    with pytest.raises(UsageError, match=r"^The worker on .* does not see the folder of '.*a.csv'"):
        work.read(piece, str(tmp_path), __version__)


@pytest.mark.parametrize("held", [1, 7, 1000])
def test_what_a_worker_holds_at_a_time_does_not_matter(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, held: int
) -> None:
    names = [f"jw02733001001_02101_{number:05d}_nrca1_cal.fits" for number in range(20)]
    (tmp_path / "names.txt").write_text("\n".join(["# names", *names, "two words", *names]))
    monkeypatch.setattr(work, "HELD", held)
    with own_parts(None) as parts:
        done = work.read(pieces([str(tmp_path)])[0], parts.where, __version__)
        lines = {line for some in done.programs.values() for part in some for line in parts.read(part)}
        log = [each for part in done.log for each in records_of(parts.read(part))]
    assert (done.records, len(lines), set(done.programs)) == (40, 20, {"02733"})
    assert [type(each) for each in log] == [Problem, SourceReport]
