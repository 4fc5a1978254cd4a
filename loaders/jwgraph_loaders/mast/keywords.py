"""Keywords of the exposures of product lists (`Mast.Jwst.Filtered.<Instrument>`)."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator
from typing import TYPE_CHECKING

from jwgraph.errors import RefusedError
from jwgraph.model.records import Problem, ProductRecord, Record
from jwgraph_loaders.base import Source
from jwgraph_loaders.formats.table import records
from jwgraph_loaders.keyword_list import KeywordReader, names_keywords
from jwgraph_loaders.mast.reading import NAME, Reading, missing
from jwgraph_loaders.mast.resume import BatchAnswer

if TYPE_CHECKING:
    from jwgraph_loaders.mast.client import Client

FILE_SETS = 100
"""Exposures per request: at most a thousand rows of some 250 columns."""

INSTRUMENTS = {"nrc": "Nircam", "nrs": "Nirspec", "nis": "Niriss", "mir": "Miri", "gui": "Fgs"}
"""Name of each instrument in the names of services, by the first letters of its detectors."""


class Keywords:
    """Read the keywords of the exposures that product lists name.

    Parameters
    ----------
    client
        Client for MAST.
    reading
        State of the reading.
    """

    def __init__(self, client: Client, reading: Reading) -> None:
        self._client = client
        self._reading = reading
        self._file_sets: defaultdict[str, set[str]] = defaultdict(set)

    def note(self, record: ProductRecord) -> None:
        """Note the exposure of a listed file."""
        name = record.name
        instrument = INSTRUMENTS.get(name.detector[:3].lower())
        if name.form != "exposure" or instrument is None:
            return
        # A file set is an exposure over all detectors; activity identifiers occur in either case.
        for root in {name.obs_id, name.filename[: len(name.obs_id)]}:
            self._file_sets[instrument].add(root.rpartition("_")[0])

    def records(self) -> Iterator[Record | Problem]:
        """Yield a record for each row, and a Problem for each batch that fails."""
        batches = [
            (instrument, tuple(found[at : at + FILE_SETS]))
            for instrument, names in sorted(self._file_sets.items())
            for found in [sorted(names)]
            for at in range(0, len(found), FILE_SETS)
        ]
        for number, (instrument, batch) in enumerate(batches, 1):
            self._reading.say(f"keywords, batch {number:,} of {len(batches):,}")
            yield from self._batch(f"keywords, batch {number} of {len(batches)}", instrument, batch)

    def _batch(self, name: str, instrument: str, batch: tuple[str, ...]) -> Iterator[Record | Problem]:
        from jwgraph_loaders.mast.session import LastingError, MastError

        key = f"keywords {instrument} {','.join(batch)}"
        answer = self._reading.answers.get(key)
        if answer is None and self._reading.over:
            self._reading.complete = False
            return
        if answer is None:
            try:
                found = self._client.keywords(instrument, batch)
            except (MastError, RefusedError) as error:
                self._reading.failed(lasting=isinstance(error, LastingError | RefusedError))
                yield missing(self._reading, error, f"{name} ({instrument}, {len(batch)} exposures)")
                return
            self._reading.answered()
            answer = BatchAnswer(found.table, found.cut)
            self._reading.answers.put(key, answer)
        source = Source.from_bytes(f"{NAME}, {name}", b"")
        if answer.cut:
            yield Problem(source.name, None, f"MAST cut the keywords off at {len(answer.table.rows):,} rows")
        if not answer.table.rows:
            return
        if not names_keywords(answer.table.columns):
            yield Problem(source.name, None, "the keywords of MAST have no columns filename and fileSetName")
            return
        yield from records(source, KeywordReader(answer.table.columns), answer.table.cells())
