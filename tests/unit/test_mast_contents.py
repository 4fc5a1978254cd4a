"""Live MAST, against a replay of its protocol: complete lists, the content of associations and pools, keywords."""

from __future__ import annotations

from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from jwgraph.errors import JwgraphError
from jwgraph.model.records import ListRecord, Record
from jwgraph_loaders.find.read import read_all
from jwgraph_loaders.mast import contents
from jwgraph_loaders.mast.live import Associations, Query, Stored, Wishes, finished
from tests.support.mast import reading
from tests.support.mast.contents import built, generated, lists_of
from tests.support.mast.reading import AT, QUERY, QUICK, Run, Serve, page_size, program, read
from tests.support.mast.rows import LEVEL3, LEVEL3_OBSID, POOL, asn_name, linked, observation, real, small
from tests.support.mast.server import Fault, Replay

small_batches = reading.small_batches
serve = reading.serve

IMAGE3 = asn_name("image3", 1)
NAMES = sorted([*(asn_name("image2", number) for number in (1, 2, 3)), IMAGE3, POOL])
NO_ASSOCIATIONS = Wishes(Associations.NONE)


@pytest.fixture(autouse=True)
def one_connection(monkeypatch: pytest.MonkeyPatch) -> None:
    """Ask for one file at a time, so that faults by number hit the same one each time."""
    monkeypatch.setattr(contents, "CONNECTIONS", 1)


@pytest.fixture
def everything(tmp_path_factory: pytest.TempPathFactory) -> set[str]:
    """Return the records of three linked exposures when nothing goes wrong."""
    with program() as replay, pytest.MonkeyPatch.context() as patch:
        patch.setenv("JWGRAPH_MAST", replay.url)
        return read(tmp_path_factory.mktemp("everything")).records


# --- complete lists ---


def test_rows_of_complete_lists_carry_where_they_were_listed(serve: Serve, tmp_path: Path) -> None:
    serve(program())
    run = read(tmp_path)
    names = {number: f"jw02733001001_02101_{number:05}_nrca1" for number in (1, 2, 3)} | {LEVEL3_OBSID: LEVEL3}
    assert run.lists == [ListRecord(obs_id, AT) for obs_id in names.values()]
    assert {(record.parent_obsid, record.listed_in) for record in run.products} == {
        (number, (obs_id, AT)) for number, obs_id in names.items()
    }


def test_an_observation_without_files_in_a_batch_is_asked_for_alone(serve: Serve, tmp_path: Path) -> None:
    observations, products = small(2)
    replay = serve(Replay(observations, [row for row in products if row["obsID"] == "1"]))
    run = read(tmp_path)
    assert [seen.obsids for seen in replay.of("Products")] == [(1, 2), *[(2,)] * QUICK.attempts]
    assert [record.obs_id[-11:-6] for record in run.lists] == ["00001", "00002"]
    assert [problem.reason for problem in run.problems] == ["MAST lists no file for obsid 2"]
    replay.seen.clear()
    assert read(tmp_path).records == run.records
    assert not replay.seen


def test_lists_that_were_cut_off_say_nothing(serve: Serve, tmp_path: Path) -> None:
    serve(Replay(*small(1, products=12), limit=10))
    with page_size(10):
        run = read(tmp_path)
    assert not run.lists
    assert {record.listed_in for record in run.products} == {None}


def test_two_numbers_of_one_observation_say_nothing(serve: Serve, tmp_path: Path) -> None:
    observations, products = small(3)
    observations[2]["obs_id"] = observations[0]["obs_id"]
    serve(Replay(observations, products))
    run = read(tmp_path)
    assert [record.obs_id for record in run.lists] == [observations[1]["obs_id"]]


def test_what_the_search_no_longer_finds_is_asked_for_its_list(serve: Serve, tmp_path: Path) -> None:
    replay = serve(Replay(*small(2)))
    listed = {1: "jw02733001001_02101_00001_nrca1", 7: "gone", 8: "jw02733001001_02101_00002_nrca1"}
    run = read(tmp_path, stored=Stored(listed=lambda number: listed if number == "02733" else {}))
    assert [seen.obsids for seen in replay.of("Products")] == [(1, 2), (7,)]
    assert ListRecord("gone", AT) in run.lists
    assert not run.problems


@pytest.mark.parametrize("query", [Query(program="2733", target="NGC-3132"), Query(obs_id="jw02733*")])
def test_a_search_of_part_of_a_program_shows_nothing_gone(serve: Serve, tmp_path: Path, query: Query) -> None:
    serve(Replay(*small(2)))
    assert len(read(tmp_path, query, stored=Stored(listed=lambda _program: {7: "gone"})).lists) == 2


# --- several queries ---


def test_several_queries_are_one_reading(serve: Serve, tmp_path: Path) -> None:
    observations, products = small(4)
    observations[3]["proposal_id"] = "2221"
    replay = serve(Replay(observations, products))
    queries = [Query(program=number) for number in ("2733", "2221", "99")]
    run = read(tmp_path, *queries)
    assert [record.obsid for record in run.observations] == [1, 2, 3, 4]
    assert [seen.obsids for seen in replay.of("Products")] == [(1, 2), (3, 4)]
    assert [problem.reason for problem in run.problems] == ["MAST has no JWST Observation with program 99"]
    assert finished(tmp_path, queries)


# --- associations and pools ---


def test_every_listed_association_and_pool_is_read(serve: Serve, tmp_path: Path) -> None:
    replay = serve(program())
    run = read(tmp_path)
    assert not run.problems
    assert replay.files == NAMES
    assert {record.filename for record in run.associations} == {*NAMES} - {POOL}
    (image3,) = (record for record in run.associations if record.filename == IMAGE3)
    assert [len(each.members) for each in image3.products] == [3]
    assert run.said[-1].startswith("MAST: 5 of 5 associations and pools in ")
    assert any(" s left" in line for line in run.said)


@pytest.mark.parametrize(
    ("which", "asked"),
    [(Associations.ALL, NAMES), (Associations.STAGE3, [IMAGE3, POOL]), (Associations.NONE, [])],
)
def test_which_associations_are_read(serve: Serve, tmp_path: Path, which: Associations, asked: list[str]) -> None:
    replay = serve(program())
    read(tmp_path, wishes=Wishes(which))
    assert replay.files == sorted(asked)


def test_what_is_loaded_is_not_fetched(serve: Serve, tmp_path: Path) -> None:
    replay = serve(program())
    asked: list[list[str]] = []

    def loaded(names: object) -> set[str]:
        asked.append(list(names))  # type: ignore[call-overload]
        return {IMAGE3, POOL}

    read(tmp_path, stored=Stored(loaded))
    assert asked == [NAMES]
    assert replay.files == sorted({*NAMES} - {IMAGE3, POOL})


def test_the_same_records_as_from_disk(serve: Serve, tmp_path: Path, everything: set[str]) -> None:
    serve(program())
    lists = read(tmp_path, wishes=NO_ASSOCIATIONS).records
    folder = tmp_path / "files"
    folder.mkdir()
    for name, content in built(linked(3)[1]).items():
        (folder / name).write_bytes(content)
    assert lists | {repr(record) for record in read_all([str(folder)])[0]} == everything


@pytest.mark.parametrize(
    "fault", [Fault.SILENT, Fault.ERROR_500, Fault.BUSY_503, Fault.CUT, Fault.EMPTY, Fault.BROKEN_JSON]
)
def test_a_passing_fault_at_a_download_changes_nothing(
    serve: Serve, tmp_path: Path, everything: set[str], fault: Fault
) -> None:
    replay = serve(program(damaged={IMAGE3: [fault, fault]}))
    run = read(tmp_path)
    assert run.records == everything
    assert not run.problems
    assert replay.files.count(IMAGE3) == 3
    assert any("associations and pools" in line and "asked again in" in line for line in run.said)


@pytest.mark.parametrize(
    ("fault", "reason"),
    [
        (Fault.NOT_FOUND, "MAST does not give it: MAST answered HTTP 404"),
        (Fault.FORBIDDEN, "MAST does not give it: MAST refuses the request (HTTP 403); set MAST_API_TOKEN"),
        (Fault.UNAUTHORIZED, "MAST does not give it: MAST refuses the request (HTTP 401)"),
        (Fault.NO_PROTOCOL, "it is not a kind of file that jwgraph can read"),
        (Fault.EXECUTING, "it is not a kind of file that jwgraph can read"),
    ],
)
def test_what_mast_does_not_give_is_named_and_the_rest_goes_on(
    serve: Serve, tmp_path: Path, everything: set[str], fault: Fault, reason: str
) -> None:
    replay = serve(program(damaged={IMAGE3: [fault] * 9}))
    run = read(tmp_path)
    (problem,) = run.problems
    assert (problem.source, problem.severity) == (IMAGE3, "rejected")
    assert reason in problem.reason
    assert run.records < everything
    assert {record.filename for record in run.associations} == {*NAMES} - {POOL, IMAGE3}
    assert replay.files.count(IMAGE3) == 1
    assert finished(tmp_path, [QUERY]), "that MAST does not have it is an answer"


@pytest.mark.parametrize("fault", [Fault.ERROR_500, Fault.WEB_PAGE, Fault.REDIRECT])
def test_what_mast_may_give_later_is_asked_for_again(
    serve: Serve, tmp_path: Path, everything: set[str], fault: Fault
) -> None:
    replay = serve(program(damaged={IMAGE3: [fault] * QUICK.attempts}, elsewhere="http://127.0.0.1:1/"))
    run = read(tmp_path)
    (problem,) = run.problems
    assert problem.source == IMAGE3
    assert problem.reason.endswith("it is missing, the same command within a day asks only for what is missing")
    assert run.records < everything
    assert not finished(tmp_path, [QUERY])
    replay.seen.clear()
    replay.damaged.clear()
    assert read(tmp_path).records == everything
    assert [seen.file for seen in replay.seen] == [IMAGE3]
    assert finished(tmp_path, [QUERY])


def test_a_server_that_is_gone_is_not_asked_for_every_file(serve: Serve, tmp_path: Path) -> None:
    replay = serve(program(damaged={name: [Fault.ERROR_500] * 99 for name in NAMES}))
    run = read(tmp_path)
    assert len(run.problems) == 4
    assert "2 associations and pools were not asked for" in run.problems[-1].reason
    assert len({*replay.files}) <= 5
    assert not finished(tmp_path, [QUERY])


@pytest.mark.parametrize(
    ("content", "reason"),
    [
        (b"\0\1", "it is binary, not text"),
        (b'{"asn_type": "image3", "products": []}', "the association has no products"),
        (b'{"asn_type": "image3"}', "the association has no products"),
        (b"[1]", "it is not a kind of file"),
        (b"[" * 100_000, "it is not a kind of file"),
        (b'{"asn_type": "image3", "products": [', "the JSON is broken at line 1"),
    ],
)
def test_damaged_contents(serve: Serve, tmp_path: Path, content: bytes, reason: str) -> None:
    replay = program()
    replay.contents |= {IMAGE3: content, POOL: b"FILENAME|PROGRAM\n"}
    serve(replay)
    run = read(tmp_path)
    found = {problem.source: problem.reason for problem in run.problems}
    assert found.keys() == {IMAGE3, POOL}
    assert reason in found[IMAGE3]
    assert "association pool, but" in found[POOL]
    assert finished(tmp_path, [QUERY])


FAULTS = [fault for fault in Fault if fault is not Fault.SILENT]


@settings(max_examples=30, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(faults=st.dictionaries(st.integers(3, 40), st.sampled_from(FAULTS), max_size=20))
def test_any_faults_end_in_the_same_records(
    tmp_path_factory: pytest.TempPathFactory, everything: set[str], faults: dict[int, Fault]
) -> None:
    cache = tmp_path_factory.mktemp("cache")
    with program(faults=faults, elsewhere="http://127.0.0.1:1/") as replay, pytest.MonkeyPatch.context() as patch:
        patch.setenv("JWGRAPH_MAST", replay.url)
        try:
            run = read(cache)
        except JwgraphError:
            run = Run([], [])
        assert run.records <= everything
        assert run.problems or run.records in (everything, set())
        replay.faults.clear()
        again = read(cache)
        assert again.records == everything
        assert not again.problems


def test_ctrl_c_leaves_what_was_fetched(serve: Serve, tmp_path: Path, everything: set[str]) -> None:
    replay = serve(program())
    found: list[Record | object] = []
    records = reading.begin(tmp_path)
    while not any(getattr(each, "filename", "") == NAMES[1] and hasattr(each, "sha256") for each in found):
        found.append(next(records))
    records.close()
    replay.seen.clear()
    assert read(tmp_path).records == everything
    assert NAMES[0] not in replay.files
    assert NAMES[1] not in replay.files
    assert not replay.of("Products")


# --- real names and contents ---


@pytest.mark.real
def test_real_lists_with_contents_built_here(serve: Serve, tmp_path: Path, shared: Path) -> None:
    observations, products = real(shared)
    replay = serve(Replay(observations, products, built(products)))
    run = read(tmp_path, Query(program="5224"))
    assert not run.problems
    assert len(replay.files) == len({*replay.files}) == 28
    (spec3,) = (record for record in run.associations if record.asn_type == "spec3")
    assert len(spec3.products[0].members) == 26
    assert spec3.asn_pool == "jw05224_20251221t142913_pool.csv"


@pytest.mark.real
def test_a_real_pool_and_the_associations_generated_of_it(serve: Serve, tmp_path: Path, shared: Path) -> None:
    files = generated(shared, "jw09505_20251216t202003_pool")
    rows = lists_of(files)
    names = {str(row["obsID"]): row["obs_id"] for row in rows}
    observations = [observation(int(number), obs_id=name, proposal_id="9505") for number, name in names.items()]
    replay = serve(Replay(observations, rows, files))
    run = read(tmp_path, Query(program="9505"))
    assert not run.problems
    assert replay.files == sorted(files)
    assert len(run.associations) == 10
    expected = {repr(each) for name, content in files.items() for each in contents.read(name, content)}
    assert expected <= run.records
