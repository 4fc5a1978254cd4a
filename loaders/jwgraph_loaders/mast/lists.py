"""Product lists (`Mast.Caom.Products`), requested for a batch of Observations at a time."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

from jwgraph.errors import RefusedError
from jwgraph.model.records import ListRecord, Problem, ProductRecord, Record
from jwgraph_loaders.base import Source
from jwgraph_loaders.formats.json_rows import json_cell
from jwgraph_loaders.formats.table import records
from jwgraph_loaders.mast.reading import NAME, Reading, missing
from jwgraph_loaders.mast.resume import BatchAnswer, Table, now
from jwgraph_loaders.product_list import RowReader

if TYPE_CHECKING:
    from jwgraph_loaders.mast.client import Client

BATCH = 50
"""Observations per request: some ten thousand rows, far below the limit of MAST and answered well within minutes."""

PARENT = "parent_obsid"


@dataclass(frozen=True, slots=True)
class Wanted:
    """Observations whose product lists are requested, by MAST's number, each with its obs_id.

    Attributes
    ----------
    found
        Those of the search.
    gone
        Those that have a list from an earlier time, and that the search no longer finds.
    """

    found: Mapping[int, str]
    gone: Mapping[int, str]


class ProductLists:
    """Read the product lists of Observations.

    A list is complete if MAST did not cut it off: its rows then carry the Observation and the time of the answer, and a
    `ListRecord` says so.
    """

    def __init__(self, client: Client, reading: Reading, wanted: Wanted) -> None:
        self._client = client
        self._reading = reading
        names = {**wanted.gone, **wanted.found}
        # Where two numbers have one obs_id, neither list is complete.
        count = Counter(names.values())
        self._complete = {obsid: obs_id for obsid, obs_id in names.items() if count[obs_id] == 1}
        self._gone = frozenset(wanted.gone)
        # Sorted by obsid, so that batches are the same each time, whatever the order of the answer.
        found = sorted(wanted.found)
        self._batches = [tuple(found[at : at + BATCH]) for at in range(0, len(found), BATCH)]
        self._batches += [(obsid,) for obsid in sorted(wanted.gone)]
        self._rows = 0

    def records(self) -> Iterator[Record | Problem]:
        """Yield the rows of all lists, and a Problem for each batch that fails."""
        for number, batch in enumerate(self._batches):
            self._say(number)
            yield from self._batch(f"batch {number + 1} of {len(self._batches)}", batch)
        self._say(len(self._batches))

    def _say(self, done: int) -> None:
        self._reading.say(f"{done:,} of {len(self._batches):,} batches, {self._rows:,} rows")

    def _batch(self, name: str, batch: tuple[int, ...]) -> Iterator[Record | Problem]:
        from jwgraph_loaders.mast.session import LastingError, MastError

        answer = self._reading.answers.get(_key(batch))
        if answer is None and self._reading.over:
            self._reading.complete = False
            return
        if answer is None:
            try:
                answer = self._asked(batch)
            except (MastError, RefusedError) as error:
                self._reading.failed(lasting=isinstance(error, LastingError | RefusedError))
                yield missing(self._reading, error, f"{name} ({_described(batch)})")
                return
            self._reading.answered()
            self._reading.answers.put(_key(batch), answer)
        if answer.table.rows or not answer.parts:
            yield from self._products(name, batch, answer)
        for part in answer.parts:
            yield from self._batch(name, part)

    def _asked(self, batch: tuple[int, ...]) -> BatchAnswer:
        """Request the products of a batch; what the answer leaves open is to be requested in parts."""
        answer = self._client.products(batch, may_be_empty=self._gone.issuperset(batch))
        at = now()
        parents = _parents(answer.table)
        if len(batch) == 1:
            return BatchAnswer(_adopted(answer.table, batch[0], parents), answer.cut, at=at)
        if "" in parents and not any(parents):
            # MAST gives no parents: request one Observation at a time to know which rows belong to it.
            return BatchAnswer(parts=tuple((obsid,) for obsid in batch))
        if answer.cut or "" in parents:
            half = len(batch) // 2
            return BatchAnswer(parts=(batch[:half], batch[half:]))
        # That an executed Observation has no file is believed only of an answer about it alone.
        without = sorted(set(batch) - {int(parent) for parent in set(parents) if parent.isdecimal()})
        return BatchAnswer(answer.table, parts=tuple((obsid,) for obsid in without), at=at)

    def _products(self, name: str, batch: tuple[int, ...], answer: BatchAnswer) -> Iterator[Record | Problem]:
        source = Source.from_bytes(f"{NAME}, {name}", b"")
        self._rows += len(answer.table.rows)
        if answer.cut:
            # A single Observation is the smallest possible request.
            size = len(answer.table.rows)
            yield Problem(source.name, None, f"MAST cut the product list of obsid {batch[0]} off at {size:,} rows")
        apart = {obsid for part in answer.parts for obsid in part}
        whole = () if answer.cut else (set(batch) & self._complete.keys()) - apart
        complete = {obsid: self._complete[obsid] for obsid in sorted(whole)}
        yield from (ListRecord(obs_id, answer.at) for obs_id in complete.values())
        if not answer.table.rows:
            if batch[0] not in self._gone:
                yield Problem(source.name, None, f"MAST lists no file for obsid {batch[0]}", "warning")
            return
        try:
            reader = RowReader(answer.table.columns)
        except ValueError as error:
            yield Problem(source.name, None, str(error))
            return
        for record in records(source, reader, answer.table.cells()):
            asked = complete.get(record.parent_obsid or 0) if isinstance(record, ProductRecord) else None
            if isinstance(record, ProductRecord) and asked is not None:
                yield replace(record, listed_in=(asked, answer.at))
            else:
                yield record


def _key(batch: Sequence[int]) -> str:
    return "products " + ",".join(map(str, batch))


def _described(batch: Sequence[int]) -> str:
    if len(batch) == 1:
        return f"obsid {batch[0]}"
    return f"{len(batch)} Observations, obsid {batch[0]} to {batch[-1]}"


def _parents(table: Table) -> list[str]:
    """Return for each row the Observation it was listed for; empty if unknown, for which MAST writes 0."""
    if PARENT not in table.columns:
        return [""] * len(table.rows)
    at = table.columns.index(PARENT)
    return ["" if (parent := json_cell(row[at])) == "0" else parent for row in table.rows]


def _adopted(table: Table, obsid: int, parents: Sequence[str]) -> Table:
    """Return the rows, with the requested Observation as parent where none is given."""
    if all(parents):
        return table
    columns = table.columns if PARENT in table.columns else (*table.columns, PARENT)
    at = columns.index(PARENT)
    rows = [
        row if known else [*row[:at], obsid, *row[at + 1 :]] for row, known in zip(table.rows, parents, strict=True)
    ]
    return Table(columns, rows)
