"""Live MAST, against a replay of its protocol: what is asked for, what comes out, what is kept."""

from __future__ import annotations

import json
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from jwgraph.errors import NotFoundError, UsageError
from jwgraph_loaders.mast import lists
from jwgraph_loaders.mast.live import Query, finished, read_mast
from tests.support.mast import reading
from tests.support.mast.contents import built
from tests.support.mast.reading import QUERY, QUICK, Serve, page_size, read
from tests.support.mast.rows import observation, product, real, small
from tests.support.mast.server import Replay

small_batches = reading.small_batches
serve = reading.serve
expected = reading.expected


# --- the plain case ---


def test_observations_come_first_then_their_products(serve: Serve, tmp_path: Path) -> None:
    replay = serve(Replay(*small(5)))
    run = read(tmp_path)
    assert not run.problems
    assert [record.obsid for record in run.observations] == [1, 2, 3, 4, 5]
    assert len(run.products) == 15
    assert {record.parent_obsid for record in run.products} == {1, 2, 3, 4, 5}
    assert [seen.obsids for seen in replay.of("Products")] == [(1, 2), (3, 4), (5,)]
    assert run.said[0] == "MAST: searching Observations, program 02733"
    assert run.said[-1] == "MAST: 3 of 3 batches, 15 rows"


def test_planned_and_foreign_observations_have_no_products(serve: Serve, tmp_path: Path) -> None:
    rows = [observation(1), observation(2, calib_level=-1), observation(3, obs_collection="HST"), observation(4)]
    rows.append(observation(5) | {"obsid": None})
    replay = serve(Replay(rows, small(4)[1]))
    run = read(tmp_path)
    assert [record.obsid for record in run.observations] == [1, 2, 4, None]
    assert [seen.obsids for seen in replay.of("Products")] == [(1, 4)]


@pytest.mark.parametrize("program", ["16", "016", "00016"])
def test_a_program_is_found_however_it_is_written(serve: Serve, tmp_path: Path, program: str) -> None:
    ways = ["16", "0016", "00016", "160"]
    serve(Replay([observation(at, proposal_id=way) for at, way in enumerate(ways, 1)], small(4)[1]))
    assert [record.obsid for record in read(tmp_path, Query(program=program)).observations] == [1, 2, 3]


def test_criteria_hold_together(serve: Serve, tmp_path: Path) -> None:
    rows = [observation(at) for at in range(1, 5)]
    serve(Replay([*rows, observation(5, target_name="M-83"), observation(6, t_min=None)], small(6)[1]))
    # 59736.5 is the t_min of the third.
    since = read(tmp_path, Query(target="NGC-*", since="2022-06-06T12:00:00"))
    assert [record.obsid for record in since.observations] == [3, 4]
    one = read(tmp_path, Query(obs_id="jw02733001001_02101_00002_nrca1"))
    assert [record.obsid for record in one.observations] == [2]


def test_since_is_a_date_or_mjd() -> None:
    mjd = 60491.0
    for text in ("2024-06-30", "60491", " 2024-06-30T02:00:00+02:00"):
        assert Query(since=text).criteria()["t_min"] == [mjd, 88069.0]


@pytest.mark.parametrize(
    "given",
    [
        {},
        *({"program": program} for program in ("two", "0", "123456")),
        *({"since": since} for since in ("yesterday", "nan", "-1")),
        *({"target": target} for target in (" ", "*", "*M*", "a\nb")),
    ],
)
def test_a_query_that_cannot_be_is_refused(given: dict[str, str]) -> None:
    with pytest.raises(UsageError, match="give"):
        Query(**given)


def test_nothing_found(serve: Serve, tmp_path: Path) -> None:
    serve(Replay(*small(2)))
    with pytest.raises(NotFoundError, match="MAST has no JWST Observation with program 99, target X"):
        read(tmp_path, Query(program="99", target="X"))


def test_a_cell_without_value(serve: Serve, tmp_path: Path) -> None:
    serve(Replay([observation(1)], [product(1, "cal", calib_level=None, size=None)]))
    (record,) = read(tmp_path).products
    assert record.calib_level is None
    assert record.mast["size"] is None


# --- the limit ---


@pytest.mark.parametrize("admits", [True, False])
def test_a_batch_over_the_limit_is_split(
    serve: Serve, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, admits: bool
) -> None:
    monkeypatch.setattr(lists, "BATCH", 8)
    replay = serve(Replay(*small(8), limit=10, admits=admits))
    with page_size(10):
        run = read(tmp_path)
        assert not run.problems
        assert len(run.products) == 24
        assert [len(seen.obsids) for seen in replay.of("Products")] == [8, 4, 2, 2, 4, 2, 2]
        replay.seen.clear()
        assert read(tmp_path).records == run.records
        assert not replay.seen, "that a batch was split is kept too"


def test_one_observation_over_the_limit_is_reported_and_kept(serve: Serve, tmp_path: Path) -> None:
    serve(Replay(*small(1, products=12), limit=10))
    with page_size(10):
        run = read(tmp_path)
    assert [problem.reason for problem in run.problems] == ["MAST cut the product list of obsid 1 off at 10 rows"]
    assert len(run.products) == 10


def test_a_search_over_the_limit_is_reported_and_kept(serve: Serve, tmp_path: Path) -> None:
    serve(Replay(*small(12, products=1), limit=10))
    with page_size(10):
        run = read(tmp_path)
    assert "MAST cut the search off at 10 Observations" in run.problems[0].reason
    assert len(run.products) == 10


def test_pages_are_put_together(serve: Serve, tmp_path: Path) -> None:
    replay = serve(Replay(*small(7)))
    with page_size(5):
        run = read(tmp_path)
    assert not run.problems
    assert len(run.observations) == 7
    assert len(run.products) == 21
    assert [seen.page for seen in replay.of("Filtered")] == [1, 2]


# --- what is kept ---


def test_a_load_that_is_whole_leaves_nothing(serve: Serve, tmp_path: Path) -> None:
    serve(Replay(*small(3)))
    read(tmp_path)
    assert len(list(tmp_path.glob("mast-*/*"))) == 4
    assert finished(tmp_path, [QUERY])
    assert not list(tmp_path.iterdir())


def test_a_reading_that_stops_goes_on(serve: Serve, tmp_path: Path, expected: set[str]) -> None:
    replay = serve(Replay(*small(5)))
    records = read_mast([QUERY], cache=tmp_path, progress=lambda _: None, policy=QUICK)
    for _ in range(7):
        next(records)
    del records
    assert not finished(tmp_path, [QUERY])
    replay.seen.clear()
    # The same program in another spelling is the same query.
    assert read(tmp_path, Query(program="2733")).records == expected
    assert [seen.obsids for seen in replay.of("Products")] == [(3, 4), (5,)]


@pytest.mark.parametrize("hours", [25, -1])
def test_what_is_old_is_not_used(serve: Serve, tmp_path: Path, hours: int) -> None:
    replay = serve(Replay(*small(3)))
    read(tmp_path)
    (manifest,) = tmp_path.glob("mast-*/manifest.json")
    about = json.loads(manifest.read_text())
    assert about["queries"] == [{"obs_collection": ["JWST"], "proposal_id": ["2733", "02733"]}]
    manifest.write_text(json.dumps(about | {"date": str(datetime.now(UTC) - timedelta(hours=hours))}))
    replay.seen.clear()
    read(tmp_path)
    assert len(replay.of("Products")) == 2


@pytest.mark.parametrize("harm", ["", "half", "[]", "{}\n", "\x00"])
def test_a_file_that_is_not_whole_is_asked_for_again(
    serve: Serve, tmp_path: Path, expected: set[str], harm: str
) -> None:
    serve(Replay(*small(5)))
    read(tmp_path)
    for path in tmp_path.glob("mast-*/*.jsonl"):
        text = path.read_text()
        path.write_text(text[: len(text) // 2] if harm == "half" else harm)
    assert read(tmp_path).records == expected


def test_a_cache_that_cannot_be_written(serve: Serve, tmp_path: Path) -> None:
    serve(Replay(*small(3)))
    file = tmp_path / "file"
    file.touch()
    with pytest.raises(UsageError, match="file cannot be written"):
        read(file)


# --- real rows ---


@pytest.mark.real
def test_real_rows(serve: Serve, tmp_path: Path, shared: Path) -> None:
    observations, products = real(shared)
    replay = serve(Replay(observations, products, built(products)))
    run = read(tmp_path, Query(program="5224"))
    assert not run.problems
    assert len(run.observations) == 27
    assert len(run.products) == len(products)
    whole = [record for record in run.products if record.parent_obsid == 254258368]
    assert len(whole) == 359
    assert len(replay.of("Products")) == 14
    brick = read(tmp_path, Query(program="2221"))
    assert {record.program for record in brick.observations} == {"02221"}
    assert {record.calib_level for record in brick.observations} == {-1, 3}


@pytest.mark.real
def test_real_rows_over_the_limit(serve: Serve, tmp_path: Path, shared: Path) -> None:
    observations, products = real(shared)
    observations = [row for row in observations if row["proposal_id"] == "5224"]
    serve(Replay(observations, products, built(products), limit=400))
    with page_size(400), pytest.MonkeyPatch.context() as patch:
        patch.setattr(lists, "BATCH", 50)
        run = read(tmp_path, Query(program="5224"))
    assert not run.problems
    assert len(run.products) == len(products)
