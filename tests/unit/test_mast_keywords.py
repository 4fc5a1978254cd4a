"""Live MAST, against a replay of its protocol: keywords of the listed exposures."""

from __future__ import annotations

import csv
import json
from collections.abc import Iterator
from pathlib import Path

import pytest

from jwgraph.model.records import HeaderRecord
from jwgraph_loaders.mast import keywords
from jwgraph_loaders.mast.live import Associations, Wishes, finished
from tests.support.mast import reading
from tests.support.mast.reading import QUERY, Run, Serve, page_size, program, read
from tests.support.mast.rows import Row, observation, product, small
from tests.support.mast.server import Fault, Replay

small_batches = reading.small_batches
serve = reading.serve


def keyword_row(number: int, **columns: object) -> Row:
    root = f"jw02733001001_02101_{number:05}"
    row = {"filename": f"{root}_nrca1_cal.fits", "fileSetName": root, "instrume": "NIRCAM", "productLevel": "2b"}
    return row | {"program": 2733, "cal_ver": "1.13.3", "expstart": 59733.5, "expend": 59733.6} | columns


def headers(run: Run) -> Iterator[HeaderRecord]:
    return (each for each in run.others if isinstance(each, HeaderRecord))


def test_keywords_of_the_listed_exposures(serve: Serve, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(keywords, "FILE_SETS", 2)
    rows = [keyword_row(number) for number in (1, 2, 3, 4)]
    replay = serve(program(keywords=rows))
    run = read(tmp_path, wishes=Wishes(keywords=True))
    assert [record.filename for record in headers(run)] == [row["filename"] for row in rows[:3]]
    assert {(record.seen, record.t_min, record.cards["cal_ver"]) for record in headers(run)} == {
        (False, 59733.5, "1.13.3")
    }
    assert len([seen for seen in replay.seen if seen.service == "Mast.Jwst.Filtered.Nircam"]) == 2
    replay.seen.clear()
    assert read(tmp_path, wishes=Wishes(keywords=True)).records == run.records
    assert not replay.seen
    assert finished(tmp_path, [QUERY])


def test_without_the_wish_there_are_no_keywords(serve: Serve, tmp_path: Path) -> None:
    replay = serve(program(keywords=[keyword_row(1)]))
    assert not [*headers(read(tmp_path))]
    assert not [seen for seen in replay.seen if "Jwst" in seen.service]


def test_each_instrument_has_a_service(serve: Serve, tmp_path: Path) -> None:
    detectors = {"nrcblong": "Nircam", "nrs2": "Nirspec", "nis": "Niriss", "mirimage": "Miri", "guider1": "Fgs"}
    roots = [f"jw02733001001_0210C_00001_{detector}" for detector in detectors]
    rows = [product(1, "", productFilename=f"{root}_uncal.fits", obs_id=root.lower()) for root in roots]
    replay = serve(Replay([observation(1)], rows))
    read(tmp_path, wishes=Wishes(keywords=True))
    asked = [seen for seen in replay.seen if "Jwst" in seen.service]
    assert [seen.service.rpartition(".")[2] for seen in asked] == sorted(detectors.values())
    both = ["jw02733001001_0210C_00001", "jw02733001001_0210c_00001"]
    assert all(seen.params["filters"] == [{"paramName": "fileSetName", "values": both}] for seen in asked)


@pytest.mark.parametrize(
    ("rows", "reason"),
    [
        ([{"instrume": "NIRCAM", "fileSetName": keyword_row(1)["fileSetName"]}], "have no columns filename"),
        ([keyword_row(1, filename="a.fit")], "the name is cut"),
    ],
)
def test_keywords_that_are_none(serve: Serve, tmp_path: Path, rows: list[Row], reason: str) -> None:
    serve(program(keywords=rows))
    (problem,) = read(tmp_path, wishes=Wishes(keywords=True)).problems
    assert reason in problem.reason
    assert problem.source == "MAST, keywords, batch 1 of 1"


def test_keywords_that_fail_are_asked_for_again(serve: Serve, tmp_path: Path) -> None:
    replay = serve(program(keywords=[keyword_row(1)]))
    wishes = Wishes(Associations.NONE, keywords=True)
    replay.faults = dict.fromkeys(range(4, 99), Fault.BUSY_503)
    run = read(tmp_path, wishes=wishes)
    assert "keywords, batch 1 of 1 (Nircam, 3 exposures) is missing" in run.problems[0].reason
    assert not finished(tmp_path, [QUERY])
    replay.faults.clear()
    assert len([*headers(read(tmp_path, wishes=wishes))]) == 1
    assert finished(tmp_path, [QUERY])


def test_keywords_over_the_limit_are_reported(serve: Serve, tmp_path: Path) -> None:
    rows = [keyword_row(1, filename=f"jw02733001001_02101_00001_nrca{number}_cal.fits") for number in (1, 2, 3, 4)]
    serve(Replay(*small(1, products=1), keywords=rows, limit=3))
    with page_size(3):
        run = read(tmp_path, wishes=Wishes(keywords=True))
    assert [problem.reason for problem in run.problems] == ["MAST cut the keywords off at 3 rows"]


@pytest.mark.real
def test_real_keywords(serve: Serve, tmp_path: Path, shared: Path) -> None:
    with (shared / "mast" / "keywords" / "dawn_nirspec.csv").open(encoding="utf-8", newline="") as file:
        rows: list[Row] = [dict(row) for row in csv.DictReader(file)]
    roots = [f"{str(row['filename']).rpartition('_')[0]}" for row in rows]
    listed = [product(1, "", productFilename=f"{root}_cal.fits", obs_id=root) for root in roots]
    serve(Replay([observation(1)], listed, keywords=rows))
    run = read(tmp_path, wishes=Wishes(keywords=True))
    assert not run.problems
    assert {record.filename for record in headers(run)} == {f"{root}_cal.fits" for root in roots}
    assert len(json.dumps(rows)) > 1_000_000
