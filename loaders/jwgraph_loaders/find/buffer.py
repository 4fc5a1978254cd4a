"""Streams that can be read once only, kept within bounds so that they can be read again."""

from __future__ import annotations

import gzip
import io
import tempfile
import weakref
import zlib
from collections.abc import Callable
from dataclasses import dataclass
from functools import partial
from pathlib import Path
from typing import BinaryIO, Protocol

from jwgraph.errors import SourceError

BLOCK = 1 << 18


@dataclass(frozen=True, slots=True)
class Limits:
    """What one archive or compressed file may hold.

    Attributes
    ----------
    members
        Number of files.
    total
        Bytes in all, unpacked.
    ratio, ratio_from
        How much longer than the packed bytes the unpacked ones may be, once there are `ratio_from` of them.
        Real archives of associations reach 20.
    memory
        Bytes of one file that are kept in memory; a longer one is kept in a nameless temporary file.
    """

    members: int = 1_000_000
    total: int = 16 << 30
    ratio: int = 200
    ratio_from: int = 64 << 20
    memory: int = 64 << 20


class LimitError(SourceError):
    """A file holds more than its limits allow."""


class Readable(Protocol):
    """The one method of a stream that is needed to keep it."""

    def read(self, size: int, /) -> bytes:
        """Return at most `size` bytes, none at the end."""
        ...


class Bounded:
    """The unpacked side of a compressed stream; it raises `LimitError` where it is out of proportion."""

    def __init__(self, unpacked: Readable, packed: BinaryIO, limits: Limits) -> None:
        self._unpacked, self._packed, self._limits = unpacked, packed, limits
        self._count = 0

    def read(self, size: int, /) -> bytes:
        """Return at most `size` bytes, none at the end."""
        block = self._unpacked.read(min(size, BLOCK))
        self._count += len(block)
        if self._count > self._limits.total:
            raise LimitError(f"it holds more than {self._limits.total} bytes when unpacked")
        if self._count > self._limits.ratio_from and self._count > self._limits.ratio * self._packed.tell():
            raise LimitError(f"it unpacks to more than {self._limits.ratio} times its size")
        return block


class _Unpacking(io.RawIOBase):
    """A compressed stream, unpacked as far as it is read; it cannot seek, which would unpack it again."""

    def __init__(self, packed: BinaryIO) -> None:
        self._packed, self._unpacked = packed, gzip.GzipFile(fileobj=packed)

    def readable(self) -> bool:
        return True

    def readinto(self, buffer: memoryview) -> int:  # type: ignore[override]
        try:
            # No further than it has to: what is broken behind a header is nothing to who reads the header.
            block = self._unpacked.read1(len(buffer))
        except (EOFError, zlib.error) as error:
            # Readers know one kind of error: that of a stream.
            raise OSError(str(error)) from error
        buffer[: len(block)] = block
        return len(block)

    def close(self) -> None:
        self._unpacked.close()
        self._packed.close()
        super().close()


def unpacking(open_: Callable[[], BinaryIO]) -> BinaryIO:
    """Open a gzip file as a stream of what it holds; nothing is unpacked before it is read.

    The stream cannot seek, and raises OSError where the compressed data is broken or cut.
    """
    return io.BufferedReader(_Unpacking(open_()))


class Kept:
    """What was kept of a stream: in memory, or in a temporary file that goes when nothing uses it."""

    def __init__(self, data: bytes | Path) -> None:
        self._data = data
        if isinstance(data, Path):
            weakref.finalize(self, partial(data.unlink, missing_ok=True))

    def open(self) -> BinaryIO:
        """Give a stream from the start."""
        return io.BytesIO(self._data) if isinstance(self._data, bytes) else self._data.open("rb")

    def head(self, size: int) -> bytes:
        """Return the first bytes."""
        with self.open() as stream:
            return stream.read(size)


def keep(stream: Readable, memory: int) -> Kept:
    """Read a stream to its end and keep it."""
    first = _read(stream, memory)
    more = stream.read(BLOCK)
    if not more:
        return Kept(first)
    with tempfile.NamedTemporaryFile(prefix="jwgraph-", delete=False) as file:
        kept = Kept(Path(file.name))
        file.write(first)
        while more:
            file.write(more)
            more = stream.read(BLOCK)
    return kept


def _read(stream: Readable, limit: int) -> bytes:
    """Read up to a number of bytes; one read of a pipe or an archive may give fewer."""
    blocks, left = [], limit
    while left > 0 and (block := stream.read(min(left, BLOCK))):
        blocks.append(block)
        left -= len(block)
    return b"".join(blocks)
