"""The input of a loader (`Source`) and the interface of a loader (`Loader`)."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from functools import partial
from io import BytesIO
from typing import BinaryIO, Protocol

from jwgraph.model.records import Problem, Record

HEAD_BYTES = 65536
FITS_START = b"SIMPLE  ="


@dataclass(frozen=True, slots=True)
class Source:
    """A readable piece of input: a file, a member of an archive, or standard input.

    Attributes
    ----------
    name
        Name shown to the user: a path, `archive.tar.gz!member`, or `<stdin>`.
    filename
        Base name, for sources identified by file name (such as associations).
    head
        The first bytes, at most `HEAD_BYTES`; enough to detect the file type.
    open
        Returns a new binary stream positioned at the start; the caller closes it. A stream that cannot seek is unpacked
        while it is read.
    """

    name: str
    filename: str
    head: bytes
    open: Callable[[], BinaryIO]

    @classmethod
    def from_bytes(cls, name: str, data: bytes) -> Source:
        """Create a source from bytes in memory; its file name is the base name."""
        return cls(name, name.rsplit("/", 1)[-1], data[:HEAD_BYTES], partial(BytesIO, data))


class Loader(Protocol):
    """Loader of one type of source, registered in the entry-point group `jwgraph.loaders`."""

    name: str
    """Short name, shown in the report."""

    summary: str
    """One sentence for the user."""

    def detect(self, source: Source) -> bool:
        """Return whether the loader can read a source, judged by its head alone."""
        ...

    def read(self, source: Source) -> Iterator[Record | Problem]:
        """Yield the records, and a Problem for each invalid row; never raise for invalid input."""
        ...
