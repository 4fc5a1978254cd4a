"""Load from live MAST: the Observations that queries find, their products, associations and keywords.

Search the Observations first (`Mast.Caom.Filtered`), then request the product lists of executed ones
(`Mast.Caom.Products`) in batches, then the content of the associations and pools that these list. See `docs/mast.md`
for details.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

from jwgraph import settings
from jwgraph.errors import NotFoundError, SourceError
from jwgraph.model.records import ObservationRecord, Problem, ProductRecord, Record
from jwgraph_loaders.mast.contents import Associations, Contents, Loaded
from jwgraph_loaders.mast.keywords import Keywords
from jwgraph_loaders.mast.lists import ProductLists, Wanted
from jwgraph_loaders.mast.query import Query
from jwgraph_loaders.mast.reading import NAME, Reading
from jwgraph_loaders.mast.resume import AnswerCache, BatchAnswer
from jwgraph_loaders.observation_list import record_of

if TYPE_CHECKING:
    from jwgraph_loaders.mast.client import Client
    from jwgraph_loaders.mast.session import RetryPolicy

__all__ = ["Associations", "Query", "Stored", "Wishes", "finished", "read_mast"]

PLANNED = -1

Listed = Callable[[str], Mapping[int, str]]


@dataclass(frozen=True, slots=True)
class Stored:
    """What the store has already; by default nothing.

    Attributes
    ----------
    loaded
        Returns those of some associations and pools whose content is loaded; they are not fetched again.
    listed
        Returns the Observations of a program that have a product list of MAST: obs_id by MAST's number. The lists of
        those that the search no longer finds are requested too, which shows that their files are withdrawn.
    """

    loaded: Loaded = lambda _names: ()
    listed: Listed = lambda _program: {}


@dataclass(frozen=True, slots=True)
class Wishes:
    """What to get besides Observations and product lists."""

    associations: Associations = Associations.ALL
    keywords: bool = False


DEFAULT = Wishes()
NOTHING = Stored()


def read_mast(
    queries: Sequence[Query],
    *,
    cache: Path,
    progress: Callable[[str], None],
    wishes: Wishes = DEFAULT,
    stored: Stored = NOTHING,
    policy: RetryPolicy | None = None,
) -> Iterator[Record | Problem]:
    """Read the Observations that any of the queries finds from MAST, their products, associations and keywords.

    The searches run immediately and raise their errors immediately. Everything else is requested while the records are
    consumed, after an `ObservationRecord` for each Observation. A request that fails becomes a Problem that names what
    is missing, and the others continue.

    Parameters
    ----------
    queries
        Select the Observations.
    cache
        Folder that keeps answers until `finished`; another call with the same queries within a day requests only the
        missing ones.
    progress
        Called with short messages about progress and the reason for pauses.
    wishes
        What to get besides Observations and product lists.
    stored
        What the store has already.
    policy
        Retries and time limits.

    Raises
    ------
    NotFoundError
        MAST has no matching Observation.
    RefusedError
        MAST refuses the search: a token is missing or wrong.
    SourceError
        MAST does not answer the search, or does not return data.
    UsageError
        The cache cannot be written, or the address or the token is invalid.
    """
    from jwgraph_loaders.mast.client import Client
    from jwgraph_loaders.mast.session import MastSession, RetryPolicy

    answers = _cache(cache, queries)
    reading = Reading(answers, progress)
    session = MastSession(settings.mast(), policy or RetryPolicy(), reading.waits)
    client = Client(session)
    answers.open()
    searches = [_search(client, reading, query) for query in queries]
    if not any(search.table.rows for search in searches):
        texts = " or ".join(map(str, queries))
        raise NotFoundError(f"MAST has no JWST Observation with {texts}; look there how it is written.")
    contents = Contents(session, reading, wishes.associations, stored.loaded)
    keywords = Keywords(client, reading) if wishes.keywords else None
    return _records(client, reading, list(zip(queries, searches, strict=True)), contents, keywords, stored.listed)


def finished(cache: Path, queries: Sequence[Query]) -> bool:
    """Remove the cached answers to queries once the records are in the store; keep them if something is missing.

    Returns
    -------
    bool
        Whether the cache has no answers left for these queries.
    """
    return _cache(cache, queries).remove_if_complete()


def _cache(cache: Path, queries: Sequence[Query]) -> AnswerCache:
    return AnswerCache(cache, settings.mast(), [query.criteria() for query in queries])


def _search(client: Client, reading: Reading, query: Query) -> BatchAnswer:
    from jwgraph_loaders.mast.session import MastError

    key = f"search {query}"
    found = reading.answers.get(key)
    if found is None:
        reading.say(f"searching Observations, {query}")
        try:
            answer = client.search(query.filters())
        except MastError as error:
            raise SourceError(f"{error}; run the same command again later.") from None
        found = BatchAnswer(answer.table, answer.cut)
        if found.table.rows:
            reading.answers.put(key, found)
    return found


def _records(
    client: Client,
    reading: Reading,
    searches: Sequence[tuple[Query, BatchAnswer]],
    contents: Contents,
    keywords: Keywords | None,
    listed: Listed,
) -> Iterator[Record | Problem]:
    """Yield all records: Observations first, then their products, associations, pools and keywords."""
    observations = _Observations()
    for query, answer in searches:
        yield from observations.records(query, answer)
    for each in ProductLists(client, reading, observations.wanted(searches, listed)).records():
        yield each
        if isinstance(each, ProductRecord):
            contents.note(each)
            if keywords is not None:
                keywords.note(each)
    yield from contents.records()
    if keywords is not None:
        yield from keywords.records()
    if reading.complete:
        reading.answers.complete()


class _Observations:
    """The Observations of the searches, obs_id by MAST's number: executed ones, and all."""

    def __init__(self) -> None:
        self._executed: dict[int, str] = {}
        self._every: dict[int, str] = {}

    def records(self, query: Query, answer: BatchAnswer) -> Iterator[Record | Problem]:
        """Yield a record for each Observation of a search."""
        if not answer.table.rows:
            yield Problem(NAME, None, f"MAST has no JWST Observation with {query}", "warning")
        for number, row in enumerate(answer.table.rows, 1):
            made = record_of(dict(zip(answer.table.columns, row, strict=True)), f"{NAME}, search", number)
            yield made
            if isinstance(made, ObservationRecord) and made.obsid is not None:
                self._every[made.obsid] = made.obs_id
                if made.calib_level != PLANNED:
                    self._executed[made.obsid] = made.obs_id
        if answer.cut:
            size = len(answer.table.rows)
            yield Problem(NAME, None, f"MAST cut the search off at {size:,} Observations; give a narrower query")

    def wanted(self, searches: Sequence[tuple[Query, BatchAnswer]], listed: Listed) -> Wanted:
        """Return the Observations whose product lists are to be requested."""
        whole = sorted({query.whole_program for query, answer in searches if not answer.cut} - {""})
        gone = {obsid: obs_id for program in whole for obsid, obs_id in listed(program).items()}
        # An Observation that is still found may have got another number.
        still = set(self._every.values())
        return Wanted(self._executed, {obsid: obs_id for obsid, obs_id in gone.items() if obs_id not in still})
