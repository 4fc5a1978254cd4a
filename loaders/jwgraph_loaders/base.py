"""What a loader is given, and what a loader is."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from functools import partial
from io import BytesIO
from typing import BinaryIO, Protocol

from jwgraph.model.records import Record, Reject

HEAD_BYTES = 65536
FITS_START = b"SIMPLE  ="


@dataclass(frozen=True, slots=True)
class Source:
    """A readable piece of input: a file, a member of an archive, or standard input.

    Attributes
    ----------
    name
        How it is named to the user: a path, `archive.tar.gz!member`, or `<stdin>`.
    filename
        Its base name, for sources whose file name means something (an association).
    head
        The first bytes, at most `HEAD_BYTES`; enough to tell what it is.
    open
        Gives a fresh binary stream from the start; the caller closes it. One that cannot seek is unpacked as it is
        read.
    portable
        Whether another process can open it too: it is a file on disk, not what was kept of an archive or a pipe.
    """

    name: str
    filename: str
    head: bytes
    open: Callable[[], BinaryIO]
    portable: bool = False

    @classmethod
    def from_bytes(cls, name: str, data: bytes) -> Source:
        """Make a source of what is in memory; its file name is the base name."""
        return cls(name, name.rsplit("/", 1)[-1], data[:HEAD_BYTES], partial(BytesIO, data))


class Loader(Protocol):
    """A kind of source. Registered under the entry-point group `jwgraph.loaders`.

    A loader may have an attribute `parallel`. Where it is True, many of its sources on disk are read in worker
    processes: it can be pickled, keeps nothing from one source to the next, and yields few records for each.
    """

    name: str
    """Short name, as the report has it."""

    summary: str
    """One sentence for the user."""

    def detect(self, source: Source) -> bool:
        """Tell whether the source is of this kind, by its head alone."""
        ...

    def read(self, source: Source) -> Iterator[Record | Reject]:
        """Yield the records, and a Reject for each row that is none; never raise for bad input."""
        ...
