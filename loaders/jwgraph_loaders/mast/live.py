"""Load from live MAST: the Observations that a query finds, and their products.

Search the Observations first (`Mast.Caom.Filtered`), then request the product lists of executed ones
(`Mast.Caom.Products`) in batches. See `docs/mast.md` for details.
"""

from __future__ import annotations

import json
from collections.abc import Callable, Iterator, Sequence
from pathlib import Path
from typing import TYPE_CHECKING

from jwgraph import settings
from jwgraph.errors import NotFoundError, RefusedError, SourceError
from jwgraph.model.records import ObservationRecord, Problem, Record
from jwgraph_loaders.base import Source
from jwgraph_loaders.formats.table import records
from jwgraph_loaders.mast.query import Query
from jwgraph_loaders.mast.resume import AnswerCache, BatchAnswer, Table
from jwgraph_loaders.observation_list import record_of
from jwgraph_loaders.product_list import RowReader

if TYPE_CHECKING:
    from jwgraph_loaders.mast.client import Client
    from jwgraph_loaders.mast.session import RetryPolicy

__all__ = ["Query", "finished", "read_mast"]

NAME = "MAST"
BATCH = 50
"""Observations per request: some ten thousand rows, far below the limit of MAST and answered well within minutes."""

GIVE_UP = 3
"""Consecutive failed requests (each after all its attempts) after which the remaining batches are skipped."""

PLANNED = -1
PARENT = "parent_obsid"

_SEARCH = "search"


def read_mast(
    query: Query, *, cache: Path, progress: Callable[[str], None], policy: RetryPolicy | None = None
) -> Iterator[Record | Problem]:
    """Read the Observations that a query finds, and their products, from MAST.

    The search runs immediately and raises its errors immediately. The product lists are requested while the records are
    consumed, after an `ObservationRecord` for each Observation. A batch that fails becomes a Problem that names it, and
    the other batches continue.

    Parameters
    ----------
    query
        Selects the Observations.
    cache
        Folder that keeps answers until `finished`; another call with the same query within a day requests only the
        missing ones.
    progress
        Called with short messages about progress and the reason for pauses.
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

    server = settings.mast()
    answers = AnswerCache(cache, server, query.criteria())
    reading = _Reading(answers, progress)
    client = Client(MastSession(server, policy or RetryPolicy(), reading.waits))
    answers.open()
    found = answers.get(_SEARCH)
    if found is None:
        progress(f"{NAME}: searching Observations, {query}")
        found = _searched(client, query)
        answers.put(_SEARCH, found)
    return reading.records(client, found)


def finished(cache: Path, query: Query) -> bool:
    """Remove the cached answers of a query once its records are in the store; keep them if the load is incomplete.

    Returns
    -------
    bool
        Whether the cache has no answers left for this query.
    """
    return AnswerCache(cache, settings.mast(), query.criteria()).remove_if_complete()


def _searched(client: Client, query: Query) -> BatchAnswer:
    from jwgraph_loaders.mast.session import MastError

    try:
        answer = client.search(query.filters())
    except MastError as error:
        raise SourceError(f"{error}; load again later.") from None
    if not answer.table.rows:
        raise NotFoundError(f"MAST has no JWST Observation with {query}; look there how it is written.")
    return BatchAnswer(answer.table, answer.cut)


class _Reading:
    """One pass over the Observations and batches of a query."""

    def __init__(self, answers: AnswerCache, progress: Callable[[str], None]) -> None:
        self._answers = answers
        self._progress = progress
        self._state = f"{NAME}: searching Observations"
        self._rows = 0
        self._whole = True
        self._failed_in_a_row = 0
        self._over = False

    def waits(self, why: str) -> None:
        """Report the reason for a pause."""
        self._progress(f"{self._state}; {why}")

    def records(self, client: Client, found: BatchAnswer) -> Iterator[Record | Problem]:
        """Yield all records: Observations first, then their products."""
        executed: set[int] = set()
        for number, row in enumerate(found.table.rows, 1):
            cells = dict(zip(found.table.columns, row, strict=True))
            made = record_of(cells, f"{NAME}, search", number)
            yield made
            if isinstance(made, ObservationRecord) and made.obsid is not None and made.calib_level != PLANNED:
                executed.add(made.obsid)
        if found.cut:
            size = len(found.table.rows)
            yield Problem(NAME, None, f"MAST cut the search off at {size:,} Observations; give a narrower query")
        # Sorted by obsid, so that batches are the same each time, whatever the order of the answer.
        yield from self._batches(client, sorted(executed))
        if self._whole:
            self._answers.complete()

    def _batches(self, client: Client, obsids: Sequence[int]) -> Iterator[Record | Problem]:
        batches = [tuple(obsids[at : at + BATCH]) for at in range(0, len(obsids), BATCH)]
        for number, batch in enumerate(batches):
            self._say(number, len(batches))
            yield from self._batch(client, f"batch {number + 1} of {len(batches)}", batch)
        self._say(len(batches), len(batches))

    def _say(self, done: int, batches: int) -> None:
        self._state = f"{NAME}: {done:,} of {batches:,} batches, {self._rows:,} rows"
        self._progress(self._state)

    def _batch(self, client: Client, name: str, batch: tuple[int, ...]) -> Iterator[Record | Problem]:
        from jwgraph_loaders.mast.session import MastError

        answer = self._answers.get(_key(batch))
        if answer is None and self._over:
            self._whole = False
            return
        if answer is None:
            try:
                answer = _asked(client, batch)
            except (MastError, RefusedError) as error:
                yield self._failure(name, batch, error)
                return
            self._failed_in_a_row = 0
            self._answers.put(_key(batch), answer)
        for part in answer.parts:
            yield from self._batch(client, name, part)
        if not answer.parts:
            yield from self._products(name, batch, answer)

    def _failure(self, name: str, batch: tuple[int, ...], error: SourceError | RefusedError) -> Problem:
        from jwgraph_loaders.mast.session import LastingError

        self._whole = False
        self._failed_in_a_row += 1
        self._over = isinstance(error, LastingError | RefusedError) or self._failed_in_a_row >= GIVE_UP
        missing = (
            f"obsid {batch[0]}" if len(batch) == 1 else f"{len(batch)} Observations, obsid {batch[0]} to {batch[-1]}"
        )
        rest = " and what follows were not asked for" if self._over else " is missing"
        again = "the same command within a day asks only for what is missing"
        return Problem(NAME, None, f"{str(error).rstrip('.')}; {name} ({missing}){rest}, {again}")

    def _products(self, name: str, batch: tuple[int, ...], answer: BatchAnswer) -> Iterator[Record | Problem]:
        source = Source.from_bytes(f"{NAME}, {name}", b"")
        self._rows += len(answer.table.rows)
        if answer.cut:
            # A single Observation is the smallest possible request.
            size = len(answer.table.rows)
            yield Problem(source.name, None, f"MAST cut the product list of obsid {batch[0]} off at {size:,} rows")
        if not answer.table.rows:
            yield Problem(source.name, None, f"MAST lists no file for obsid {batch[0]}", "warning")
            return
        try:
            reader = RowReader(answer.table.columns)
        except ValueError as error:
            yield Problem(source.name, None, str(error))
            return
        rows = enumerate(answer.table.rows, 1)
        yield from records(source, reader, ((number, [_text(value) for value in row]) for number, row in rows))


def _key(batch: Sequence[int]) -> str:
    return "products " + ",".join(map(str, batch))


def _asked(client: Client, batch: tuple[int, ...]) -> BatchAnswer:
    """Request the products of a batch; if the answer is unusable as a whole, return the parts to request instead."""
    answer = client.products(batch)
    parents = _parents(answer.table)
    if len(batch) == 1:
        return BatchAnswer(_adopted(answer.table, batch[0], parents), answer.cut)
    if not any(parents):
        # MAST gives no parents: request one Observation at a time to know which rows belong to it.
        return BatchAnswer(parts=tuple((obsid,) for obsid in batch))
    if answer.cut or not all(parents):
        half = len(batch) // 2
        return BatchAnswer(parts=(batch[:half], batch[half:]))
    return BatchAnswer(answer.table)


def _parents(table: Table) -> list[bool]:
    """Return for each row whether it names the Observation it was listed for; MAST writes 0 for unknown."""
    if PARENT not in table.columns:
        return [False] * len(table.rows)
    at = table.columns.index(PARENT)
    return [_text(row[at]) not in ("", "0") for row in table.rows]


def _adopted(table: Table, obsid: int, parents: Sequence[bool]) -> Table:
    """Return the rows, with the requested Observation as parent where none is given."""
    if all(parents):
        return table
    columns = table.columns if PARENT in table.columns else (*table.columns, PARENT)
    at = columns.index(PARENT)
    rows = [
        row if known else [*row[:at], obsid, *row[at + 1 :]] for row, known in zip(table.rows, parents, strict=True)
    ]
    return Table(columns, rows)


def _text(value: object) -> str:
    """Return a JSON value as a table cell."""
    if value is None or isinstance(value, dict | list):
        return ""
    if isinstance(value, str):
        # JSON allows lone surrogates, which must not reach the database.
        return value if value.isascii() else value.encode("utf-8", "replace").decode()
    return json.dumps(value)
