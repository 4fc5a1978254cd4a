"""Live MAST, against a replay of its protocol: what comes out does not depend on what goes wrong on the way."""

from __future__ import annotations

import logging
import subprocess
import sys
import traceback
from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from tenacity import RetryCallState, Retrying

from jwgraph.errors import JwgraphError, NotFoundError, RefusedError, SourceError, UsageError
from jwgraph_loaders.mast import client
from jwgraph_loaders.mast.live import finished
from jwgraph_loaders.mast.reading import GIVE_UP
from jwgraph_loaders.mast.session import RetryPolicy, TransientError
from tests.support.mast import reading
from tests.support.mast.reading import QUERY, QUICK, Run, Serve, page_size, read
from tests.support.mast.rows import small
from tests.support.mast.server import Fault, Replay

small_batches = reading.small_batches
serve = reading.serve
expected = reading.expected

TOKEN = "0123456789abcdefSECRET"

# Without a token: the search, and then the batches.
SEARCH, FIRST = 1, 2

PASSING = [Fault.SILENT, Fault.ERROR_500, Fault.BUSY_503, Fault.CUT, Fault.BROKEN_JSON, Fault.EXECUTING]
PASSING += [Fault.STATUS_ERROR, Fault.NO_PROTOCOL]
HARMLESS = [Fault.DUPLICATES, Fault.NO_PARENT, Fault.SOME_PARENTS]
LASTING = [Fault.WEB_PAGE, Fault.UNAUTHORIZED]


# --- faults ---


@pytest.mark.parametrize("at", [SEARCH, FIRST, FIRST + 1])
@pytest.mark.parametrize("fault", PASSING)
def test_a_passing_fault_changes_nothing(
    serve: Serve, tmp_path: Path, expected: set[str], fault: Fault, at: int
) -> None:
    replay = serve(Replay(*small(5), faults={at: fault}))
    run = read(tmp_path)
    assert run.records == expected
    assert not run.problems
    assert len(replay.seen) == 5
    assert any("asked again in" in line for line in run.said) == (fault is not Fault.EXECUTING)


@pytest.mark.parametrize("at", [FIRST, FIRST + 2])
@pytest.mark.parametrize("fault", [*HARMLESS, Fault.EMPTY])
def test_odd_rows_change_nothing(serve: Serve, tmp_path: Path, expected: set[str], fault: Fault, at: int) -> None:
    serve(Replay(*small(5), faults={at: fault}))
    run = read(tmp_path)
    assert run.records == expected
    assert not run.problems


def test_a_query_that_runs_for_long(serve: Serve, tmp_path: Path, expected: set[str]) -> None:
    replay = serve(Replay(*small(5), faults=dict.fromkeys(range(FIRST, FIRST + 20), Fault.EXECUTING)))
    assert read(tmp_path).records == expected
    assert len(replay.of("Products")) == 23


def test_no_parent_at_all(serve: Serve, tmp_path: Path, expected: set[str]) -> None:
    replay = serve(Replay(*small(5), faults=dict.fromkeys(range(FIRST, 99), Fault.NO_PARENT)))
    run = read(tmp_path)
    assert run.records == {each.replace("parent_obsid='", "parent_obsid=") for each in expected}
    assert [seen.obsids for seen in replay.of("Products")] == [(1, 2), (1,), (2,), (3, 4), (3,), (4,), (5,)]
    assert not run.problems


def test_a_batch_that_fails_is_named_and_the_rest_goes_on(serve: Serve, tmp_path: Path, expected: set[str]) -> None:
    replay = serve(Replay(*small(5), faults=dict.fromkeys(range(FIRST + 1, FIRST + 6), Fault.BUSY_503)))
    run = read(tmp_path)
    assert [problem.reason for problem in run.problems] == [
        "MAST answered HTTP 503 (asked 5 times); batch 2 of 3 (2 Observations, obsid 3 to 4) is missing, "
        "the same command within a day asks only for what is missing"
    ]
    assert run.records < expected
    assert {record.parent_obsid for record in run.products} == {1, 2, 5}
    assert not finished(tmp_path, [QUERY])
    replay.seen.clear()
    replay.faults.clear()
    again = read(tmp_path)
    assert again.records == expected
    assert not again.problems
    assert [seen.obsids for seen in replay.of("Products")] == [(3, 4)]
    assert not replay.of("Filtered")


def test_a_server_that_is_gone_is_not_asked_for_every_batch(serve: Serve, tmp_path: Path) -> None:
    replay = serve(Replay(*small(12), faults=dict.fromkeys(range(FIRST, 99), Fault.ERROR_500)))
    run = read(tmp_path)
    assert len(replay.of("Products")) == GIVE_UP * QUICK.attempts
    assert len(run.problems) == GIVE_UP
    assert "batch 3 of 6 (2 Observations, obsid 5 to 6) and what follows were not asked for" in run.problems[-1].reason


@pytest.mark.parametrize("fault", LASTING)
def test_no_use_in_asking_on(serve: Serve, tmp_path: Path, expected: set[str], fault: Fault) -> None:
    replay = serve(Replay(*small(5), faults={FIRST + 1: fault}))
    run = read(tmp_path)
    assert len(run.problems) == 1
    assert "batch 2 of 3 (2 Observations, obsid 3 to 4) and what follows" in run.problems[0].reason
    assert len(replay.of("Products")) == 2
    assert read(tmp_path).records == expected


def test_a_web_page_instead_of_the_search(serve: Serve, tmp_path: Path) -> None:
    replay = serve(Replay(*small(5), faults={SEARCH: Fault.WEB_PAGE}))
    with pytest.raises(SourceError) as caught:
        read(tmp_path)
    assert str(caught.value) == (
        "MAST answered with a web page instead of data (a login or maintenance page); run the same command again later."
    )
    assert len(replay.seen) == 1


def test_a_refusal_says_which_variable_to_set(serve: Serve, tmp_path: Path) -> None:
    serve(Replay(*small(5), faults={SEARCH: Fault.UNAUTHORIZED}))
    with pytest.raises(RefusedError, match=r"HTTP 401\); set MAST_API_TOKEN to a token from https://auth"):
        read(tmp_path)


def test_the_search_fails(serve: Serve, tmp_path: Path) -> None:
    serve(Replay(*small(5), faults=dict.fromkeys(range(SEARCH, 99), Fault.SILENT)))
    with pytest.raises(
        SourceError, match=r"MAST did not answer in time \(asked 5 times\); run the same command again later\."
    ):
        read(tmp_path)


def test_nobody_listens(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("JWGRAPH_MAST", "http://127.0.0.1:1")
    with pytest.raises(SourceError, match="the connection to MAST failed"):
        read(tmp_path)


@settings(max_examples=30, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(
    faults=st.dictionaries(
        st.integers(1, 30),
        st.sampled_from([fault for fault in [*PASSING, *HARMLESS, *LASTING, Fault.EMPTY] if fault is not Fault.SILENT]),
        max_size=25,
    )
)
def test_any_faults_end_in_the_same_records(
    tmp_path_factory: pytest.TempPathFactory, expected: set[str], faults: dict[int, Fault]
) -> None:
    cache = tmp_path_factory.mktemp("cache")
    with Replay(*small(5), faults=faults) as replay, pytest.MonkeyPatch.context() as patch:
        patch.setenv("JWGRAPH_MAST", replay.url)
        try:
            run = read(cache)
        except (SourceError, RefusedError, NotFoundError):
            run = Run([], [])
        assert run.records <= expected
        assert run.problems or run.records in (expected, set())
        got = {record.parent_obsid for record in run.products}
        replay.faults.clear()
        replay.seen.clear()
        again = read(cache)
        assert again.records == expected
        assert not again.problems
        assert not got & {obsid for seen in replay.of("Products") for obsid in seen.obsids}
        assert finished(cache, [QUERY])


def test_pauses_grow_and_are_not_all_alike() -> None:
    policy = RetryPolicy(first_pause=1.0, longest_pause=10.0)
    for attempt, least in ((1, 1.0), (2, 2.0), (3, 4.0), (9, 10.0)):
        pauses = {policy.pause(failed(attempt)) for _ in range(50)}
        assert all(least <= pause <= least + 1 for pause in pauses)
        assert max(pauses) <= 10
        assert len(pauses) > 1 or attempt == 9
    assert policy.pause(failed(1, retry_after=7.0)) == 7.0
    assert policy.pause(failed(1, retry_after=700.0)) == 10.0


def failed(attempt: int, retry_after: float = 0.0) -> RetryCallState:
    """Return the state after an attempt that failed."""
    state = RetryCallState(Retrying(), None, (), {})
    state.attempt_number = attempt
    state.set_exception((TransientError, TransientError("busy", retry_after), None))
    return state


def test_start_up_stays_light() -> None:
    heavy = {"requests", "astropy", "tenacity"}
    code = f"import sys, jwgraph_loaders.mast.live; print({heavy} & set(sys.modules) or 'none')"
    assert subprocess.run([sys.executable, "-c", code], capture_output=True, check=True, text=True).stdout == "none\n"


# --- the address and the token ---


@pytest.mark.parametrize(
    "address", ["http://mast.stsci.edu", "mast", "https://a:b@c", "https://", "ftp://x", "http://[x"]
)
def test_an_invalid_address(tmp_path: Path, monkeypatch: pytest.MonkeyPatch, address: str) -> None:
    monkeypatch.setenv("JWGRAPH_MAST", address)
    with pytest.raises(UsageError, match="JWGRAPH_MAST"):
        read(tmp_path)


def test_a_token_goes_along(serve: Serve, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("MAST_API_TOKEN", TOKEN)
    replay = serve(Replay(*small(3), token=TOKEN))
    assert not read(tmp_path).problems
    assert [seen.path for seen in replay.seen].count("/whoami") == 1
    assert all(seen.cookie == f"mast_token={TOKEN}" for seen in replay.seen)


def test_a_token_that_mast_does_not_know(serve: Serve, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("MAST_API_TOKEN", TOKEN)
    serve(Replay(*small(3), token="another"))
    with pytest.raises(RefusedError, match="the token in MAST_API_TOKEN has expired or is wrong"):
        read(tmp_path)


@pytest.mark.parametrize("token", ["a b", "a\nb", "ä", "a;b"])
def test_an_invalid_token(serve: Serve, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, token: str) -> None:
    monkeypatch.setenv("MAST_API_TOKEN", token)
    serve(Replay(*small(3)))
    with pytest.raises(UsageError, match="MAST_API_TOKEN holds characters") as caught:
        read(tmp_path)
    assert token not in str(caught.value)


def test_a_redirect_does_not_take_the_token_along(
    serve: Serve, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("MAST_API_TOKEN", TOKEN)
    other = serve(Replay(*small(3)))
    replay = serve(Replay(*small(3), token=TOKEN, faults={2: Fault.REDIRECT}, elsewhere=f"{other.url}/api/v0/invoke"))
    with pytest.raises(SourceError, match="MAST sends the request on to another address"):
        read(tmp_path)
    assert len(replay.seen) == 2
    assert not other.seen


@pytest.mark.parametrize("fault", [None, *PASSING, *LASTING, Fault.REDIRECT, Fault.EMPTY])
@pytest.mark.parametrize("often", [1, 20])
def test_the_token_is_nowhere(
    serve: Serve,
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
    capfd: pytest.CaptureFixture[str],
    caplog: pytest.LogCaptureFixture,
    fault: Fault | None,
    often: int,
) -> None:
    monkeypatch.setenv("MAST_API_TOKEN", TOKEN)
    brief = RetryPolicy(2, first_pause=0.001, longest_pause=0.01, timeout=0.1, poll_pause=0.001, attempt_time=0.2)
    policy = brief if often > 1 else QUICK
    elsewhere = "http://127.0.0.1:1/"
    faults = dict.fromkeys(range(2, 2 + often), fault) if fault else {}
    serve(Replay(*small(5), token=TOKEN, faults=faults, elsewhere=elsewhere))
    texts: list[str] = []
    caplog.set_level(logging.DEBUG)
    for _ in range(2):
        try:
            run = read(tmp_path, policy=policy)
            texts += [*run.said, *map(repr, run.problems), *run.records]
        except JwgraphError as error:
            texts += [repr(error), *traceback.format_exception(error)]
    out, err = capfd.readouterr()
    texts += [out, err, caplog.text, *(path.read_text() for path in tmp_path.rglob("*") if path.is_file())]
    assert not [text for text in texts if TOKEN in text]
    assert out == ""


def test_an_executed_observation_without_files_is_a_warning(serve: Serve, tmp_path: Path) -> None:
    observations, products = small(3)
    replay = serve(Replay(observations, [row for row in products if row["obsID"] != "3"]))
    run = read(tmp_path)
    assert [(problem.severity, problem.reason) for problem in run.problems] == [
        ("warning", "MAST lists no file for obsid 3")
    ]
    assert len(run.products) == 6
    assert finished(tmp_path, [QUERY])
    assert [seen.obsids for seen in replay.of("Products")].count((3,)) == QUICK.attempts


def test_pages_without_end_are_not_followed(serve: Serve, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(client, "MAX_PAGES", 5)
    replay = serve(Replay(*small(30)))
    with page_size(1), pytest.raises(SourceError, match="more pages than it returns"):
        read(tmp_path)
    assert len(replay.seen) < 10
