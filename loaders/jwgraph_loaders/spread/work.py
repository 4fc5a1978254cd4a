"""What a worker does: read some files, or merge what was read of one program. Both may run twice, anywhere."""

from __future__ import annotations

import heapq
import socket
from collections import Counter, defaultdict
from collections.abc import Iterable, Iterator, Sequence
from itertools import groupby, islice
from operator import itemgetter
from typing import NamedTuple

from jwgraph._version import __version__
from jwgraph.errors import UsageError
from jwgraph.model.records import HeaderRecord, Problem, Record, ReferenceRecord
from jwgraph_loaders.base import Source
from jwgraph_loaders.find.read import read_sources
from jwgraph_loaders.find.walk import File, opened
from jwgraph_loaders.spread.lines import Logged, line_of
from jwgraph_loaders.spread.parts import Part, Parts
from jwgraph_loaders.text import quoted
from jwgraph_loaders.write.batch import KINDS, Batch
from jwgraph_loaders.write.writer import BATCH_SIZE

# Lines that a worker holds at a time, about 70 MB.
HELD = 200_000
# Lines of one part of a program, which the writer holds.
ROWS = 50_000


class Reading(NamedTuple):
    """What was read of some files; see `Manifest`."""

    records: int
    log: list[Part]
    programs: dict[str, list[Part]]
    references: set[str]
    shares: set[tuple[str, str]]


def read(found: Sequence[File | Problem], where: str, version: str) -> Reading:
    """Read files with the loaders that detect them, and write a sorted part for each program.

    Parameters
    ----------
    found
        The files, and problems with the paths between them.
    where
        Where the parts are written.
    version
        Version of jwgraph that asks for it.

    Raises
    ------
    UsageError
        The worker has another version, or does not see the files.
    """
    if version != __version__:
        raise UsageError(f"{_host()} has jwgraph {__version__}, and this is {version}: install the same on both.")
    reader = _Reader(Parts(where))
    for record in read_sources(_sources(found), Counter(), reader.note):
        if isinstance(record, Problem):
            reader.note(record)
        else:
            reader.add(record)
    return reader.end()


def _sources(found: Iterable[File | Problem]) -> Iterator[Source | Problem]:
    for each in found:
        if isinstance(each, Problem):
            yield each
            continue
        # The process that named the files has seen them.
        if not each.path.parent.exists():
            raise UsageError(
                f"{_host()} does not see the folder of {quoted(each.name)}: sources must be where all workers see them."
            )
        yield from opened(each)


def _host() -> str:
    return f"The worker on {socket.gethostname()}"


class _Reader:
    """Lines by program until there are many."""

    def __init__(self, parts: Parts) -> None:
        self._parts = parts
        self._log: list[bytes] = []
        self._lines: defaultdict[str, list[bytes]] = defaultdict(list)
        self._records = self._held = 0
        self._batch = Batch()
        self._result = Reading(0, [], defaultdict(list), set(), set())

    def note(self, found: Logged) -> None:
        """Take a problem, or the report of a source."""
        self._log.append(line_of(found))
        self._hold()

    def add(self, record: Record) -> None:
        """Take a record."""
        name, program = KINDS[type(record)].key(record)
        self._lines[program].append(line_of(record, name))
        if isinstance(record, HeaderRecord):
            self._result.references.update(reference for _, reference in record.references)
        elif isinstance(record, ReferenceRecord):
            self._result.references.add(record.reference)
        # The batch knows which programs a record brings together.
        self._batch.add(record)
        if self._batch.size >= BATCH_SIZE:
            self._take_shares()
        self._records += 1
        self._hold()

    def end(self) -> Reading:
        """Write what is left, and return what was written."""
        self._flush()
        return self._result._replace(records=self._records, programs=dict(self._result.programs))

    def _hold(self) -> None:
        self._held += 1
        if self._held >= HELD:
            self._flush()

    def _take_shares(self) -> None:
        self._result.shares.update(self._batch.nodes.shares)
        self._batch = Batch()

    def _flush(self) -> None:
        self._take_shares()
        if self._log:
            self._result.log.append(self._parts.write(self._log))
        for program, lines in self._lines.items():
            self._result.programs[program].append(self._parts.write(sorted(set(lines))))
        self._log.clear()
        self._lines.clear()
        self._held = 0


def merge(parts: Sequence[Part], where: str) -> list[Part]:
    """Merge the parts of a program, each line once, and return the new ones, one after the other in order."""
    place = Parts(where)
    lines = map(itemgetter(0), groupby(heapq.merge(*(place.read(part) for part in parts))))
    merged = []
    while some := list(islice(lines, ROWS)):
        merged.append(place.write(some))
    return merged
