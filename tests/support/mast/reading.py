"""Reading from a replay of MAST: the fixtures and the words that its tests share.

A test module takes a fixture by assigning it to a name of its own.
"""

from __future__ import annotations

from collections.abc import Callable, Generator, Iterator
from contextlib import contextmanager
from pathlib import Path
from tempfile import TemporaryDirectory

import pytest

from jwgraph.model.records import AssociationRecord, ListRecord, ObservationRecord, Problem, ProductRecord, Record
from jwgraph_loaders.mast import client, lists
from jwgraph_loaders.mast.live import Query, Stored, Wishes, read_mast
from jwgraph_loaders.mast.session import RetryPolicy
from tests.support.mast.contents import built
from tests.support.mast.rows import linked, small
from tests.support.mast.server import Replay

QUICK = RetryPolicy(first_pause=0.001, longest_pause=0.01, timeout=0.25, poll_pause=0.001, attempt_time=2.0)
QUERY = Query(program="02733")
EVERYTHING = Wishes()
NOTHING = Stored()
AT = 1_700_000_000_000

Serve = Callable[[Replay], Replay]


class Run:
    """What one reading gave."""

    def __init__(self, found: list[Record | Problem], said: list[str]) -> None:
        self.problems = [each for each in found if isinstance(each, Problem)]
        records = [each for each in found if not isinstance(each, Problem)]
        # Exact duplicates are one record to the store.
        self.records = {repr(record) for record in records}
        self.products = [each for each in records if isinstance(each, ProductRecord)]
        self.lists = [each for each in records if isinstance(each, ListRecord)]
        self.associations = [each for each in records if isinstance(each, AssociationRecord)]
        self.observations = [each for each in records if isinstance(each, ObservationRecord)]
        self.others = [each for each in records if not isinstance(each, ProductRecord | ObservationRecord)]
        self.said = said


@pytest.fixture(autouse=True)
def small_batches(monkeypatch: pytest.MonkeyPatch) -> None:
    """Ask for two Observations at a time, and without the token of whoever runs the tests."""
    monkeypatch.setattr(lists, "BATCH", 2)
    # Records of two readings are compared.
    monkeypatch.setattr(lists, "now", lambda: AT)
    monkeypatch.delenv("MAST_API_TOKEN", raising=False)


@pytest.fixture
def serve(monkeypatch: pytest.MonkeyPatch) -> Iterator[Serve]:
    """Start replays; the last one started is the one that is asked."""
    started: list[Replay] = []

    def start(replay: Replay) -> Replay:
        started.append(replay.__enter__())
        monkeypatch.setenv("JWGRAPH_MAST", replay.url)
        return replay

    yield start
    for replay in started:
        replay.__exit__()


@pytest.fixture
def expected() -> set[str]:
    """Return the records of five Observations when nothing goes wrong."""
    with Replay(*small(5)) as replay, pytest.MonkeyPatch.context() as patch, TemporaryDirectory() as folder:
        patch.setenv("JWGRAPH_MAST", replay.url)
        return read(Path(folder)).records


def read(
    cache: Path,
    *queries: Query,
    wishes: Wishes = EVERYTHING,
    stored: Stored = NOTHING,
    policy: RetryPolicy = QUICK,
) -> Run:
    said: list[str] = []
    given = queries or (QUERY,)
    records = read_mast(given, cache=cache, progress=said.append, wishes=wishes, stored=stored, policy=policy)
    return Run(list(records), said)


def begin(cache: Path) -> Generator[Record | Problem]:
    """Begin to read, to stop on the way."""
    records = read_mast([QUERY], cache=cache, progress=lambda _text: None, policy=QUICK)
    assert isinstance(records, Generator)
    return records


@contextmanager
def page_size(rows: int) -> Iterator[None]:
    """Ask for pages of so many rows, as if that were MAST's limit."""
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(client, "PAGE_ROWS", rows)
        yield


def program(**more: object) -> Replay:
    """Make a replay of three exposures and their Level 3 Observation, with associations and pool."""
    observations, products = linked(3)
    replay = Replay(observations, products, built(products))
    for name, value in more.items():
        setattr(replay, name, value)
    return replay
