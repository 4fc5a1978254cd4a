"""Live MAST as a source: Observations that a query finds, and the products that MAST lists for them.

First the Observations are searched (`Mast.Caom.Filtered`), then the product lists of those that are not merely planned
are asked for (`Mast.Caom.Products`), some Observations at a time. `docs/mast.md` says it at length.
"""

from __future__ import annotations

import json
from collections.abc import Callable, Iterator, Sequence
from pathlib import Path
from typing import TYPE_CHECKING

from jwgraph.errors import NotFoundError, RefusedError, SourceError
from jwgraph.model.records import ObservationRecord, Record, Reject
from jwgraph_loaders.base import Source
from jwgraph_loaders.formats.table import records
from jwgraph_loaders.mast.query import Query
from jwgraph_loaders.mast.resume import Kept, Piece, Table
from jwgraph_loaders.observation_list import record_of
from jwgraph_loaders.product_list import RowReader

if TYPE_CHECKING:
    from jwgraph_loaders.mast.client import Client, Patience

__all__ = ["Query", "finished", "read_mast"]

NAME = "MAST"
BATCH = 50
"""Observations in one request: some ten thousand rows, far from MAST's limit, and not for minutes of its time."""

GIVE_UP = 3
"""Requests that fail one after the other, all attempts of each, before the rest is not asked for."""

PLANNED = -1
PARENT = "parent_obsid"

_SEARCH = "search"


def read_mast(
    query: Query, *, cache: Path, progress: Callable[[str], None], patience: Patience | None = None
) -> Iterator[Record | Reject]:
    """Read from MAST what a query finds.

    The search is made at once, and what is the matter with it is raised at once. The product lists are asked for while
    the records are consumed: an `ObservationRecord` for each Observation comes first. A batch that MAST does not give
    becomes a Reject that names it, and the others go on.

    Parameters
    ----------
    query
        Which Observations.
    cache
        Folder in which answers are kept until `finished`; another call with the same query within a day asks only for
        what is missing there.
    progress
        Is told, in a few words, how far it is and why it waits.
    patience
        How long MAST is waited for; see `jwgraph_loaders.mast.client.Patience`.

    Raises
    ------
    NotFoundError
        MAST has no such Observation.
    RefusedError
        MAST refuses the search: a token is missing or wrong.
    SourceError
        MAST does not answer the search, or not with data.
    UsageError
        The cache cannot be written, or the address or the token is none.
    """
    from jwgraph_loaders.mast.client import Client, Patience, address

    server = address()
    kept = Kept(cache, server, query.criteria())
    reading = _Reading(kept, progress)
    client = Client(server, patience or Patience(), reading.waits)
    kept.open()
    found = kept.get(_SEARCH)
    if found is None:
        progress(f"{NAME}: searching Observations, {query}")
        found = _searched(client, query)
        kept.put(_SEARCH, found)
    return reading.records(client, found)


def finished(cache: Path, query: Query) -> bool:
    """Remove what was kept of a query, once the store has what was read; a load that is not whole keeps it.

    Returns
    -------
    bool
        Whether nothing is kept any more.
    """
    from jwgraph_loaders.mast.client import address

    return Kept(cache, address(), query.criteria()).remove_if_complete()


def _searched(client: Client, query: Query) -> Piece:
    from jwgraph_loaders.mast.client import MastError

    try:
        answer = client.search(query.criteria())
    except MastError as error:
        raise SourceError(f"{error}; load again later.") from None
    if not answer.table.rows:
        raise NotFoundError(f"MAST has no JWST Observation with {query}; look there how it is written.")
    return Piece(answer.table, answer.cut)


class _Reading:
    """One run through the Observations and the batches of a query."""

    def __init__(self, kept: Kept, progress: Callable[[str], None]) -> None:
        self._kept = kept
        self._progress = progress
        self._state = f"{NAME}: searching Observations"
        self._rows = 0
        self._whole = True
        self._failed_in_a_row = 0
        self._over = False

    def waits(self, why: str) -> None:
        """Tell why it waits."""
        self._progress(f"{self._state}; {why}")

    def records(self, client: Client, found: Piece) -> Iterator[Record | Reject]:
        """Yield everything."""
        executed: set[int] = set()
        for number, row in enumerate(found.table.rows, 1):
            cells = dict(zip(found.table.columns, row, strict=True))
            made = record_of(cells, f"{NAME}, search", number)
            yield made
            if isinstance(made, ObservationRecord) and made.obsid is not None and made.calib_level != PLANNED:
                executed.add(made.obsid)
        if found.cut:
            size = len(found.table.rows)
            yield Reject(NAME, None, f"MAST cut the search off at {size:,} Observations; give a narrower query")
        # In the order of their numbers, batches are the same each time, whatever the order MAST answers in.
        yield from self._batches(client, sorted(executed))
        if self._whole:
            self._kept.complete()

    def _batches(self, client: Client, obsids: Sequence[int]) -> Iterator[Record | Reject]:
        batches = [tuple(obsids[at : at + BATCH]) for at in range(0, len(obsids), BATCH)]
        for number, batch in enumerate(batches):
            self._say(number, len(batches))
            yield from self._batch(client, f"batch {number + 1} of {len(batches)}", batch)
        self._say(len(batches), len(batches))

    def _say(self, done: int, batches: int) -> None:
        self._state = f"{NAME}: {done:,} of {batches:,} batches, {self._rows:,} rows"
        self._progress(self._state)

    def _batch(self, client: Client, name: str, batch: tuple[int, ...]) -> Iterator[Record | Reject]:
        from jwgraph_loaders.mast.client import MastError

        piece = self._kept.get(_key(batch))
        if piece is None and self._over:
            self._whole = False
            return
        if piece is None:
            try:
                piece = _asked(client, batch)
            except (MastError, RefusedError) as error:
                yield self._failure(name, batch, error)
                return
            self._failed_in_a_row = 0
            self._kept.put(_key(batch), piece)
        for part in piece.parts:
            yield from self._batch(client, name, part)
        if not piece.parts:
            yield from self._products(name, batch, piece)

    def _failure(self, name: str, batch: tuple[int, ...], error: SourceError | RefusedError) -> Reject:
        from jwgraph_loaders.mast.client import LastingError

        self._whole = False
        self._failed_in_a_row += 1
        self._over = isinstance(error, LastingError | RefusedError) or self._failed_in_a_row >= GIVE_UP
        missing = (
            f"obsid {batch[0]}" if len(batch) == 1 else f"{len(batch)} Observations, obsid {batch[0]} to {batch[-1]}"
        )
        rest = " and what follows were not asked for" if self._over else " is missing"
        again = "the same command within a day asks only for what is missing"
        return Reject(NAME, None, f"{str(error).rstrip('.')}; {name} ({missing}){rest}, {again}")

    def _products(self, name: str, batch: tuple[int, ...], piece: Piece) -> Iterator[Record | Reject]:
        source = Source.from_bytes(f"{NAME}, {name}", b"")
        self._rows += len(piece.table.rows)
        if piece.cut:
            # An Observation is the least that can be asked for.
            size = len(piece.table.rows)
            yield Reject(source.name, None, f"MAST cut the product list of obsid {batch[0]} off at {size:,} rows")
        if not piece.table.rows:
            yield Reject(source.name, None, f"MAST lists no file for obsid {batch[0]}", "warning")
            return
        try:
            reader = RowReader(piece.table.columns)
        except ValueError as error:
            yield Reject(source.name, None, str(error))
            return
        rows = enumerate(piece.table.rows, 1)
        yield from records(source, reader, ((number, [_text(value) for value in row]) for number, row in rows))


def _key(batch: Sequence[int]) -> str:
    return "products " + ",".join(map(str, batch))


def _asked(client: Client, batch: tuple[int, ...]) -> Piece:
    """Ask for the products of a batch; where that cannot be used as a whole, the parts it has to be asked for in."""
    answer = client.products(batch)
    parents = _parents(answer.table)
    if len(batch) == 1:
        return Piece(_adopted(answer.table, batch[0], parents), answer.cut)
    if not any(parents):
        # MAST tells no parent at all: nothing but one Observation at a time tells whose the rows are.
        return Piece(parts=tuple((obsid,) for obsid in batch))
    if answer.cut or not all(parents):
        half = len(batch) // 2
        return Piece(parts=(batch[:half], batch[half:]))
    return Piece(answer.table)


def _parents(table: Table) -> list[bool]:
    """Tell of each row whether it says which Observation it was listed for; MAST says 0 where it does not know."""
    if PARENT not in table.columns:
        return [False] * len(table.rows)
    at = table.columns.index(PARENT)
    return [_text(row[at]) not in ("", "0") for row in table.rows]


def _adopted(table: Table, obsid: int, parents: Sequence[bool]) -> Table:
    """Return the rows with the Observation that was asked for as the parent of those that name none."""
    if all(parents):
        return table
    columns = table.columns if PARENT in table.columns else (*table.columns, PARENT)
    at = columns.index(PARENT)
    rows = [row if told else [*row[:at], obsid, *row[at + 1 :]] for row, told in zip(table.rows, parents, strict=True)]
    return Table(columns, rows)


def _text(value: object) -> str:
    """Return a value of JSON as the cell of a table."""
    if value is None or isinstance(value, dict | list):
        return ""
    if isinstance(value, str):
        # Half of a surrogate pair is text in JSON and nowhere else; it must not reach the database.
        return value if value.isascii() else value.encode("utf-8", "replace").decode()
    return json.dumps(value)
